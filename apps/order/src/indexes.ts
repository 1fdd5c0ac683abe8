import { idempotencyIndexes } from '@shopfleet/idempotency';
import { outboxIndexes } from '@shopfleet/outbox';
import { orderIndexes } from './orders/orders.indexes.ts';

/** Every collection of the order service's database. */
export const indexes = [...orderIndexes, ...idempotencyIndexes, ...outboxIndexes];
