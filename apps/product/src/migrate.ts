import { migrate } from '@shopfleet/mongo';
import { outboxIndexes } from '@shopfleet/outbox';
import { config } from './config.ts';
import { indexes } from './indexes.ts';

await migrate(config.MONGODB_URI, [...indexes, ...outboxIndexes]);
