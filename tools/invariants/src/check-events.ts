import { broken, type Finding } from './check.ts';
import type { ShopBooks } from './shop-books.ts';

const unpublishedMs = 30_000;

/** Events: all published; each heard once; each effect once. */
export async function checkEvents({ services, order, product }: ShopBooks): Promise<Finding[]> {
  const late: string[] = [];
  for (const [service, database] of Object.entries(services)) {
    const rows = await database.collection('outbox').find({ status: 'pending', createdAt: { $lt: new Date(Date.now() - unpublishedMs) } }).limit(20).toArray();
    late.push(...rows.map(({ _id }) => `${service}: ${String(_id)}`));
  }
  return [
    broken('no unpublished outbox row older than 30 s', 'rows are', late),
    broken('each (consumer, event) applied once: one hold, commit and release of each order in the ledger', 'repeated movements', await repeatedMovements(product)),
    broken('each (consumer, event) applied once: one final outcome per order', 'orders were paid, placed or delivered twice', await repeatedStates(order)),
  ];
}

/** A hold, commit or release of one order and SKU stands once in the ledger; a second hold follows a release only. */
async function repeatedMovements(product: ShopBooks['product']): Promise<string[]> {
  const rows = await product
    .collection('stock_movements')
    .aggregate<{ _id: { orderId: string; sku: string }; holds: number; releases: number; commits: number }>(
      [
        { $match: { orderId: { $exists: true } } },
        { $group: { _id: { orderId: '$orderId', sku: '$sku' }, holds: count('hold'), releases: count('release'), commits: count('commit') } },
        { $match: { $expr: { $or: [{ $gt: ['$commits', 1] }, { $gt: ['$releases', '$holds'] }, { $gt: [{ $subtract: ['$holds', { $add: ['$releases', '$commits'] }] }, 1] }] } } },
      ],
      { allowDiskUse: true },
    )
    .toArray();
  return rows.map(({ _id }) => `${_id.orderId} ${_id.sku}`);
}

const count = (kind: string) => ({ $sum: { $cond: [{ $eq: ['$kind', kind] }, 1, 0] } });

async function repeatedStates(order: ShopBooks['order']): Promise<string[]> {
  const times = (status: string) => ({ $size: { $filter: { input: '$timeline', cond: { $eq: ['$$this.status', status] } } } });
  const rows = await order
    .collection('orders')
    .aggregate<{ _id: unknown }>([{ $match: { $expr: { $or: [{ $gt: [times('paid'), 1] }, { $gt: [times('pending'), 1] }, { $gt: [times('shipped'), 1] }, { $gt: [times('cancelled'), 1] }] } } }, { $project: { _id: 1 } }])
    .toArray();
  return rows.map(({ _id }) => String(_id));
}
