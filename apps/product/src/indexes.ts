import { idempotencyIndexes } from '@shopfleet/idempotency';
import { outboxIndexes } from '@shopfleet/outbox';
import { catalogueIndexes } from './catalogue/product.indexes.ts';
import { imageIndexes } from './images/image.indexes.ts';

/** Every index with the query it serves; `migrate.ts` makes them, repositories name them as hints. */
export const indexes = [
  ...catalogueIndexes,
  ...imageIndexes,
  { collection: 'stock', indexes: [{ name: 'product', key: { productId: 1 }, serves: 'stock of all variants of a product' }] },
  {
    collection: 'stock_movements',
    indexes: [
      { name: 'sku_newest', key: { sku: 1, _id: -1 }, serves: 'ledger of a SKU, newest first' },
      { name: 'order', key: { orderId: 1 }, sparse: true, serves: 'what an order did to the stock' },
      { name: 'effect_key', key: { effectKey: 1 }, unique: true, partialFilterExpression: { effectKey: { $exists: true } }, serves: 'findMovementByIntent; one request makes one adjustment' },
    ],
  },
  {
    collection: 'holds',
    indexes: [{ name: 'expiring', key: { expiresAt: 1 }, partialFilterExpression: { state: 'held' }, serves: 'holds past their end, for the sweeper' }],
  },
  ...idempotencyIndexes,
  ...outboxIndexes,
] as const;
