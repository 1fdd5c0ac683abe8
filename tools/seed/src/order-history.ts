import type { Db } from 'mongodb';
import type { CatalogueFrame } from './catalogue.ts';
import { insertNew } from './insert.ts';
import { moneyRows, providerRow, shelfRows } from './order-rows.ts';
import { OrderDrawer, settle } from './orders.ts';
import { forgetPayments, rememberPayments } from './provider-history.ts';
import { randomOf, seededId } from './random.ts';

const BATCH = 500;
const delivery = new Date('2025-04-01T00:00:00.000Z');

export interface OrderBooks {
  readonly product: Db;
  readonly order: Db;
  /** The address of the payment simulator: what was paid has to stand in its books too. */
  readonly simulator: string;
}

/**
 * Writes the orders `from` to `to` (not included) into the books of everybody who keeps one of them: order, payments,
 * refunds, the provider, holds, the ledger of the stock, purchases. What they took from the shelf was delivered before, so
 * that what is on hand stays as the data set says. Writing them again changes nothing.
 */
export async function writeOrders(frame: CatalogueFrame, { from, to }: { from: number; to: number }, books: OrderBooks, advance: (count: number) => void): Promise<void> {
  const { product, order, simulator } = books;
  const drawer = new OrderDrawer(frame);
  const taken = new Map<string, number>();
  const into = (db: Db, collection: string, rows: readonly object[]): Promise<void> => insertNew(db.collection<{ _id: string }>(collection), rows);
  for (let start = from; start < to; start += BATCH) {
    const settled = Array.from({ length: Math.min(BATCH, to - start) }, (_, offset) => settle(drawer.draw(start + offset)));
    const money = settled.map(moneyRows);
    const shelf = settled.map(shelfRows);
    const movements = shelf.flatMap((rows) => rows.movements);
    for (const { sku, onHand } of movements) taken.set(sku, (taken.get(sku) ?? 0) - onHand);
    // The money first: an order that says it is paid never stands without it.
    await rememberPayments(simulator, settled.flatMap((one) => providerRow(one) ?? []));
    await Promise.all([
      into(order, 'payments', money.flatMap(({ payments }) => payments)),
      into(order, 'refunds', money.flatMap(({ refunds }) => refunds)),
      into(product, 'holds', shelf.flatMap(({ holds }) => holds)),
      into(product, 'stock_movements', movements),
      into(product, 'purchases', shelf.flatMap(({ purchases }) => purchases)),
    ]);
    await into(order, 'orders', settled.map(({ document }) => document));
    advance(settled.length);
  }
  const receipts = [...taken].filter(([, pieces]) => pieces > 0).map(([sku, pieces]) => ({
    _id: seededId('mov', delivery, randomOf(frame.seed, `delivery/${from}-${to}/${sku}`)), sku, kind: 'receipt', onHand: pieces, reserved: 0, reason: `deliveries before orders ${from + 1} to ${to}`, at: delivery,
  }));
  await into(product, 'stock_movements', receipts);
}

/** Takes the orders of an earlier data set out of the books, and has the statistics counted anew from those that stay. */
export async function removeOrders({ order, simulator }: Omit<OrderBooks, 'product'>): Promise<void> {
  const orders = order.collection<{ _id: string }>('orders');
  const ours = { effectKey: { $regex: '^seed/order/' } };
  for (let ids = ['']; ids.length > 0; ) {
    ids = (await orders.find(ours).limit(BATCH * 4).project<{ _id: string }>({ _id: 1 }).toArray()).map(({ _id }) => _id);
    for (const collection of ['payments', 'refunds']) await order.collection(collection).deleteMany({ orderId: { $in: ids } });
    await orders.deleteMany({ _id: { $in: ids } });
  }
  await forgetPayments(simulator);
  await order.collection('sales_days').deleteMany({});
  await orders.updateMany({ 'timeline.status': 'paid' }, { $set: { uncounted: true }, $unset: { counted: true } });
}
