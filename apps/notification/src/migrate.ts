import { loadConfig, mongoEnvironment } from '@shopfleet/config';
import { migrate } from '@shopfleet/mongo';
import { z } from 'zod';
import { notificationCollections } from './collections.ts';

const { MONGODB_URI } = loadConfig(z.object(mongoEnvironment));
const { created, replaced } = await migrate(MONGODB_URI, notificationCollections);
process.stdout.write(`notification: ${created.length} indexes created, ${replaced.length} replaced\n`);
