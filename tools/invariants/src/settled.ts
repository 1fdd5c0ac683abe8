import { setTimeout as pause } from 'node:timers/promises';
import type { ShopBooks } from './shop-books.ts';

/** What a shop has under way: while something is, its books cannot agree. */
export interface UnderWay {
  /** Orders whose checkout has not come to its outcome. */
  readonly sagas: number;
  /** Paid orders whose stock has not left the shelf yet. */
  readonly uncommitted: number;
  readonly payments: number;
  readonly refunds: number;
  readonly unpublished: number;
  /** Ended orders whose hold has not been given back yet. */
  readonly unreleased: number;
}

/** Counts what is under way. */
export async function underWay(books: ShopBooks): Promise<UnderWay> {
  const { order, product } = books;
  const orders = order.collection<{ _id: string; status: string }>('orders');
  const unpublished = await Promise.all(Object.values(books.services).map((database) => database.collection('outbox').countDocuments({ status: 'pending' })));
  const held = await product.collection<{ _id: string }>('holds').find({ state: 'held' }).project<{ _id: string }>({ _id: 1 }).toArray();
  const statuses = await orders.find({ _id: { $in: held.map(({ _id }) => _id) } }).project<{ _id: string; status: string }>({ status: 1 }).toArray();
  const undecided = ['pending', 'reserved', 'awaiting_payment'];
  return {
    sagas: await orders.countDocuments({ status: { $in: undecided } }),
    payments: await order.collection('payments').countDocuments({ status: 'pending' }),
    refunds: await order.collection('refunds').countDocuments({ status: 'due' }),
    unpublished: unpublished.reduce((sum, count) => sum + count, 0),
    uncommitted: statuses.filter(({ status }) => !undecided.includes(status) && isSold(status)).length,
    unreleased: statuses.filter(({ status }) => !undecided.includes(status) && !isSold(status)).length,
  };
}

const isSold = (status: string): boolean => ['paid', 'fulfilling', 'shipped', 'delivered', 'return_requested', 'returned', 'refunded'].includes(status);

/**
 * Waits until nothing is under way, at most `boundMs`; resolves with what still was then.
 * Asks twice in a row: what has just left one book may not stand in the next yet.
 */
export async function untilSettled(books: ShopBooks, boundMs: number, report: (now: UnderWay) => void = () => undefined): Promise<UnderWay> {
  const deadline = Date.now() + boundMs;
  for (let quiet = 0; ; ) {
    const now = await underWay(books);
    quiet = Object.values(now).every((count) => count === 0) ? quiet + 1 : 0;
    if (quiet === 3 || Date.now() >= deadline) return now;
    if (quiet === 0) report(now);
    await pause(300);
  }
}
