import { loadConfig } from '@shopfleet/config';
import { prepareBroker } from '@shopfleet/messaging';
import { migrate } from '@shopfleet/mongo';
import { environment } from './config.ts';
import { indexes } from './indexes.ts';

const { MONGODB_URI, RABBITMQ_URL } = loadConfig(environment);
await migrate(MONGODB_URI, indexes);
await prepareBroker(RABBITMQ_URL, 'product');
