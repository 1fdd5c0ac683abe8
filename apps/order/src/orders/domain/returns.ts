import { addMoney, AppError, money, newId, subtractMoney, type Money } from '@shopfleet/kernel';
import { move, type Decision, type Order } from './order.ts';

export interface ReturnedLine {
  readonly sku: string;
  readonly quantity: number;
}

/** What a customer sends back. `received`: the goods are here, the money is on its way back. */
export interface OrderReturn {
  readonly id: string;
  readonly lines: readonly ReturnedLine[];
  readonly reason: string;
  readonly status: 'requested' | 'received' | 'refunded';
  readonly requestedAt: Date;
  /** The request it came by: a repetition finds it. */
  readonly requestKey: string;
  /** What it asked for. */
  readonly requestFingerprint?: string;
}

/** Money on its way back to the customer, for an order or for a return of a part of it. */
export interface RefundOfOrder {
  readonly id: string;
  readonly paymentId: string;
  readonly amount: Money;
  readonly reason: string;
  readonly returnId?: string | undefined;
  /** Of a payment that the order did not want any more: told, but not counted as the order's. */
  readonly late?: boolean;
}

/**
 * The customer announces that goods come back.
 * @throws AppError `invalid-transition` unless the order is delivered, `conflict` for more than was bought and not returned yet
 */
export const requestReturn = (order: Order, lines: readonly ReturnedLine[], reason: string, by: string, request: { readonly key: string; readonly fingerprint: string }, at: Date): Decision => {
  const wanted = sumBySku(lines);
  const returnable = returnableOf(order);
  const refused = [...wanted].filter(([sku, quantity]) => quantity > (returnable.get(sku) ?? 0));
  if (refused.length > 0) {
    throw new AppError('conflict', {
      detail: `More than can be returned: ${refused.map(([sku]) => `of ${sku} ${returnable.get(sku) ?? 0}`).join(', ')} can still go back. Change the quantities and send it again.`,
      extensions: { returnable: Object.fromEntries(refused.map(([sku]) => [sku, returnable.get(sku) ?? 0])) },
    });
  }
  const announced: OrderReturn = { id: newId('ret'), lines: linesOf(wanted), reason, status: 'requested', requestedAt: at, requestKey: request.key, requestFingerprint: request.fingerprint };
  return {
    order: move(order, 'return_requested', at, { returns: [...order.returns, announced] }, reason, by),
    events: [{ type: 'return-requested', returnId: announced.id, lines: announced.lines, reason }],
  };
};

/**
 * The goods of a return have arrived; what is paid for them goes back next.
 * @throws AppError `not-found`, `invalid-transition`
 */
export const receiveReturn = (order: Order, returnId: string, by: string, at: Date): Decision => {
  const found = findReturn(order, returnId);
  if (found.status !== 'requested') throw new AppError('invalid-transition', { detail: `Return ${returnId} has been ${found.status} already.` });
  return { order: move(order, 'returned', at, { returns: withStatus(order, returnId, 'received') }, undefined, by), events: [] };
};

/** The provider has given money back. */
export const noteRefund = (order: Order, refund: RefundOfOrder, at: Date): Decision => {
  const { id: refundId, paymentId, amount, reason, returnId, late = false } = refund;
  const restock = returnId === undefined ? [] : findReturn(order, returnId).lines;
  const refunded = late ? order.refunded : addMoney(order.refunded, amount);
  const returns = returnId === undefined ? order.returns : withStatus(order, returnId, 'refunded');
  const counted: Order = { ...order, version: order.version + 1, refunded, returns, updatedAt: at };
  const events = [{ type: 'payment-refunded', paymentId, refundId, amount, reason } as const, { type: 'refunded', refundId, amount, restock, reason } as const];
  if (order.status !== 'returned' || returnId === undefined) return { order: counted, events };
  const whole = refunded.amount >= order.totals.total.amount || [...returnableOf(counted).values()].every((left) => left === 0);
  return { order: move(counted, whole ? 'refunded' : 'delivered', at, { version: counted.version }), events };
};

/**
 * What was paid for the goods of a return: each line's part of what the order came to without its shipping. Whoever
 * returns all gets all that is left, the shipping included. Rounded down: the last piece gets the rest.
 */
export const worthOfReturn = (order: Order, returnId: string): Money => {
  const { lines } = findReturn(order, returnId);
  const left = subtractMoney(order.totals.total, order.refunded);
  if ([...returnableOf(order).values()].every((quantity) => quantity === 0)) return left;
  const goods = subtractMoney(order.totals.total, order.totals.shipping).amount;
  const { amount: subtotal, currency } = order.totals.subtotal;
  const value = lines.reduce((sum, { sku, quantity }) => sum + quantity * (order.lines.find((line) => line.sku === sku)?.unitPrice.amount ?? 0), 0);
  return money(Math.min(left.amount, subtotal === 0 ? 0 : Math.floor((value * goods) / subtotal)), currency);
};

/** By SKU, how many pieces have been bought and neither been returned nor announced as a return. */
export const returnableOf = (order: Order): ReadonlyMap<string, number> => {
  const left = new Map(sumBySku(order.lines));
  for (const { lines } of order.returns) for (const { sku, quantity } of lines) left.set(sku, (left.get(sku) ?? 0) - quantity);
  return left;
};

/** @throws AppError `not-found` */
export const findReturn = (order: Order, returnId: string): OrderReturn => {
  const found = order.returns.find(({ id }) => id === returnId);
  if (!found) throw new AppError('not-found', { detail: `Order ${order.number} has no return ${returnId}: look at its returns for the right one.` });
  return found;
};

const withStatus = (order: Order, returnId: string, status: OrderReturn['status']): readonly OrderReturn[] =>
  order.returns.map((entry) => (entry.id === returnId ? { ...entry, status } : entry));

const sumBySku = (lines: readonly ReturnedLine[]): ReadonlyMap<string, number> => {
  const sums = new Map<string, number>();
  for (const { sku, quantity } of lines) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  return sums;
};

const linesOf = (quantities: ReadonlyMap<string, number>): ReturnedLine[] => [...quantities].map(([sku, quantity]) => ({ sku, quantity }));
