import { loadConfig, mongoEnvironment, rabbitEnvironment } from '@shopfleet/config';
import { prepareBroker } from '@shopfleet/messaging';
import { migrate } from '@shopfleet/mongo';
import { z } from 'zod';
import { notificationCollections } from './collections.ts';

const { MONGODB_URI, RABBITMQ_URL } = loadConfig(z.object({ ...mongoEnvironment, ...rabbitEnvironment }));
const { created, replaced } = await migrate(MONGODB_URI, notificationCollections);
process.stdout.write(`notification: ${created.length} indexes created, ${replaced.length} replaced\n`);
await prepareBroker(RABBITMQ_URL, 'notification');
