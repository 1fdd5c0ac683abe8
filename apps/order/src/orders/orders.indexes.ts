import type { CollectionDefinition } from '@shopfleet/mongo';

/** Indexes of the order service's own collections. */
export const orderIndexes: readonly CollectionDefinition[] = [
  {
    collection: 'orders',
    indexes: [
      { key: { number: 1 }, name: 'number', unique: true, serves: 'findByNumber; two orders never share a number' },
      { key: { effectKey: 1 }, name: 'effect_key', unique: true, serves: 'findByIntent; one request places one order' },
      { key: { userId: 1, createdAt: -1, _id: -1 }, name: 'customer_newest', serves: 'findPageByCustomer, eraseOf' },
      { key: { userId: 1, status: 1, createdAt: -1, _id: -1 }, name: 'customer_status_newest', serves: 'findPageByCustomer with a status' },
      { key: { status: 1, createdAt: -1, _id: -1 }, name: 'status_newest', serves: 'findPageOfAll with a status; findUnanswered' },
      { key: { createdAt: -1, _id: -1 }, name: 'newest', serves: 'findPageOfAll' },
      { key: { uncounted: 1 }, name: 'uncounted', partialFilterExpression: { uncounted: { $exists: true } }, serves: 'SalesRollUp: orders that the statistics do not show as they are now' },
    ],
  },
  {
    collection: 'payments',
    indexes: [
      {
        key: { orderId: 1 },
        name: 'order',
        unique: true,
        partialFilterExpression: { status: { $in: ['pending', 'captured'] } },
        serves: 'findOpenByOrder; an order has one payment under way or captured',
      },
      { key: { effectKey: 1 }, name: 'effect_key', unique: true, partialFilterExpression: { effectKey: { $exists: true } }, serves: 'findByIntent; one request asks for one payment' },
      { key: { dueAt: 1 }, name: 'due', partialFilterExpression: { dueAt: { $exists: true } }, serves: 'takeOverdue' },
    ],
  },
  {
    collection: 'refunds',
    indexes: [
      { key: { effectKey: 1 }, name: 'effect_key', unique: true, partialFilterExpression: { effectKey: { $exists: true } }, serves: 'findByIntent; one request asks for one refund' },
      { key: { dueAt: 1 }, name: 'due', partialFilterExpression: { dueAt: { $exists: true } }, serves: 'takeOverdue' },
      { key: { providerPaymentId: 1 }, name: 'provider_payment', serves: 'reconciliation: what has gone back of a payment' },
    ],
  },
  { collection: 'erasures', indexes: [{ key: { dueAt: 1 }, name: 'due', serves: 'Eraser: accounts whose orders are to be looked at' }] },
  { collection: 'reconciliations', indexes: [] },
  { collection: 'payment_discrepancies', indexes: [] },
  { collection: 'stock_discrepancies', indexes: [] },
  { collection: 'sales_days', indexes: [] },
  {
    collection: 'price_book',
    indexes: [{ key: { productId: 1, version: 1 }, name: 'product', serves: 'replaceProduct: variants the product no longer has' }],
  },
];
