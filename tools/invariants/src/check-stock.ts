import { broken, compared, type Finding } from './check.ts';
import type { ShopBooks } from './shop-books.ts';

interface Ledger {
  readonly onHand: number;
  readonly reserved: number;
  /** Pieces that were sold and have not come back. */
  readonly sold: number;
}

/** Stock: shelf against ledger, ledger against orders and holds, SKU by SKU. */
export async function checkStock({ order, product }: ShopBooks): Promise<Finding[]> {
  const shelf = await product.collection<{ _id: string; onHand: number; reserved: number }>('stock').find().toArray();
  const ledger = await ledgerOf(product);
  const bought = await boughtOf(order);
  const held = await heldOf(product);
  const skus = new Set([...shelf.map(({ _id }) => _id), ...ledger.keys(), ...bought.keys(), ...held.keys()]);
  const onShelf = new Map(shelf.map((row) => [row._id, row]));
  const wrong = (differs: (sku: string) => boolean): string[] => [...skus].filter(differs);
  const sum = (values: Iterable<number>): number => [...values].reduce((all, value) => all + value, 0);
  const sold = [...ledger.values()].map((row) => row.sold);
  return [
    compared('stock: Σ ledger = Σ on hand', ['ledger', sum([...ledger.values()].map(({ onHand }) => onHand))], ['shelf', sum(shelf.map(({ onHand }) => onHand))]),
    broken('stock: per SKU, Σ ledger = on hand', 'SKUs differ', wrong((sku) => (ledger.get(sku)?.onHand ?? 0) !== (onShelf.get(sku)?.onHand ?? 0))),
    broken('stock: per SKU, Σ ledger = reserved', 'SKUs differ', wrong((sku) => (ledger.get(sku)?.reserved ?? 0) !== (onShelf.get(sku)?.reserved ?? 0))),
    broken('stock: per SKU, on hand ≥ reserved ≥ 0', 'SKUs break it', shelf.filter(({ onHand, reserved }) => reserved < 0 || onHand < reserved).map(({ _id }) => _id)),
    compared('stock: Σ committed − Σ returned = Σ paid − Σ returned of orders', ['ledger', sum(sold)], ['orders', sum(bought.values())]),
    broken('stock: per SKU, committed − returned = paid − returned of orders', 'SKUs differ', wrong((sku) => (ledger.get(sku)?.sold ?? 0) !== (bought.get(sku) ?? 0))),
    broken('stock: per SKU, reserved = what holds hold', 'SKUs differ', wrong((sku) => (onShelf.get(sku)?.reserved ?? 0) !== (held.get(sku) ?? 0))),
    await noOldHold(product),
  ];
}

type Database = ShopBooks['order'];

async function ledgerOf(product: Database): Promise<ReadonlyMap<string, Ledger>> {
  const isSale = { $in: ['$kind', ['commit', 'return']] };
  const rows = await product
    .collection('stock_movements')
    .aggregate<Ledger & { _id: string }>(
      [{ $group: { _id: '$sku', onHand: { $sum: '$onHand' }, reserved: { $sum: '$reserved' }, sold: { $sum: { $cond: [isSale, { $subtract: [0, '$onHand'] }, 0] } } } }],
      { allowDiskUse: true },
    )
    .toArray();
  return new Map(rows.map((row) => [row._id, row]));
}

/** Pieces of orders that were paid and stand, without those whose return has been refunded. */
async function boughtOf(order: Database): Promise<ReadonlyMap<string, number>> {
  const standing = { $match: { 'timeline.status': 'paid', status: { $ne: 'cancelled' } } };
  const orders = order.collection('orders');
  const bought = await orders.aggregate<{ _id: string; pieces: number }>([standing, { $unwind: '$lines' }, { $group: { _id: '$lines.sku', pieces: { $sum: '$lines.quantity' } } }]).toArray();
  const returned = await orders
    .aggregate<{ _id: string; pieces: number }>([
      standing,
      { $unwind: '$returns' },
      { $match: { 'returns.status': 'refunded' } },
      { $unwind: '$returns.lines' },
      { $group: { _id: '$returns.lines.sku', pieces: { $sum: '$returns.lines.quantity' } } },
    ])
    .toArray();
  const result = new Map(bought.map(({ _id, pieces }) => [_id, pieces]));
  for (const { _id, pieces } of returned) result.set(_id, (result.get(_id) ?? 0) - pieces);
  return result;
}

async function heldOf(product: Database): Promise<ReadonlyMap<string, number>> {
  const rows = await product
    .collection('holds')
    .aggregate<{ _id: string; pieces: number }>([{ $match: { state: 'held' } }, { $unwind: '$lines' }, { $group: { _id: '$lines.sku', pieces: { $sum: '$lines.quantity' } } }])
    .toArray();
  return new Map(rows.map(({ _id, pieces }) => [_id, pieces]));
}

/** Beyond the time that sweepers and clocks need. */
const graceMs = 30_000;

async function noOldHold(product: Database): Promise<Finding> {
  const old = await product.collection('holds').find({ state: 'held', expiresAt: { $lt: new Date(Date.now() - graceMs) } }).toArray();
  return broken('no order with a hold past its end', 'holds are past it', old.map(({ _id }) => String(_id)));
}
