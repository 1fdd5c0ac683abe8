import { idempotencyIndexes } from '@shopfleet/idempotency';
import { outboxIndexes } from '@shopfleet/outbox';
import { couponIndexes } from './coupons/coupons.indexes.ts';
import { orderIndexes } from './orders/orders.indexes.ts';

/** Every collection of the order service's database. */
export const indexes = [...orderIndexes, ...couponIndexes, ...idempotencyIndexes, ...outboxIndexes];
