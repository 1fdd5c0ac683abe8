import { loadConfig, mongoEnvironment, rabbitEnvironment } from '@shopfleet/config';
import { prepareBroker } from '@shopfleet/messaging';
import { migrate } from '@shopfleet/mongo';
import { z } from 'zod';
import { indexes } from './indexes.ts';

const { MONGODB_URI, RABBITMQ_URL } = loadConfig(z.object({ ...mongoEnvironment, ...rabbitEnvironment }));
await migrate(MONGODB_URI, indexes);
await prepareBroker(RABBITMQ_URL, 'order');
