import type { PastPayment } from './provider-history.ts';
import { cameBack, wasPaid, type SettledOrder } from './orders.ts';
import { seededId } from './random.ts';

const minute = 60_000;

interface MoneyRows {
  readonly payments: readonly object[];
  readonly refunds: readonly object[];
}

/** What the order service keeps of an order's money. */
export function moneyRows({ order, total, document, paidAt, endedAt, paymentId, providerId, refundId }: SettledOrder): MoneyRows {
  if (order.outcome === 'rejected' || order.outcome === 'expired') return { payments: [], refunds: [] };
  const about = { orderId: order.id, amount: total };
  const payment = { _id: paymentId, ...about, token: document.paymentToken, promised: cameBack(order) ? total.amount : 0, createdAt: order.placedAt, updatedAt: paidAt };
  if (!wasPaid(order)) return { payments: [{ ...payment, status: 'declined', reason: 'card_declined' }], refunds: [] };
  const reason = order.outcome === 'cancelled' ? 'cancelled' : 'return';
  const returnId = document.returns[0]?.id;
  return {
    payments: [{ ...payment, status: 'captured', providerPaymentId: providerId }],
    refunds: cameBack(order)
      ? [{ _id: refundId, ...about, paymentId, providerPaymentId: providerId, providerRefundId: refundId.replace('ref_', 'rfd_'), reason, ...(returnId !== undefined && { returnId }), late: false, status: 'done', createdAt: endedAt, updatedAt: endedAt }]
      : [],
  };
}

/** The same in the provider's own books. */
export function providerRow(settled: SettledOrder): PastPayment | undefined {
  const { order, total, paidAt, endedAt, paymentId, providerId, refundId } = settled;
  if (!wasPaid(order)) return undefined;
  return {
    key: paymentId, id: providerId, ...total, reference: order.id, createdAt: paidAt.toISOString(),
    refunds: cameBack(order) ? [{ key: refundId, id: refundId.replace('ref_', 'rfd_'), amount: total.amount, createdAt: endedAt.toISOString() }] : [],
  };
}

/** What the product service keeps: the hold and its way through the ledger, and who may review what. */
export function shelfRows({ order, endedAt, paidAt }: SettledOrder) {
  const { id: orderId, placedAt, customer } = order;
  const lines = order.lines.map(({ variant, quantity }) => ({ sku: variant.sku, quantity }));
  const hold = { _id: orderId, lines, expiresAt: new Date(placedAt.getTime() + 15 * minute), createdAt: placedAt };
  if (order.outcome === 'rejected') return { holds: [{ ...hold, state: 'rejected', endedAt, reason: 'out-of-stock' }], movements: [], purchases: [] };
  const move = (kind: string, at: Date, onHand: -1 | 0 | 1, reserved: -1 | 0 | 1) =>
    lines.map(({ sku, quantity }) => ({ _id: seededId('mov', at, order.random), sku, kind, orderId, onHand: onHand * quantity + 0, reserved: reserved * quantity + 0, at }));
  const held = move('hold', placedAt, 0, 1);
  if (!wasPaid(order)) {
    return { holds: [{ ...hold, state: 'released', endedAt, reason: order.outcome === 'expired' ? 'hold-expired' : 'payment-declined' }], movements: [...held, ...move('release', endedAt, 0, -1)], purchases: [] };
  }
  return {
    holds: [{ ...hold, state: order.outcome === 'cancelled' ? 'cancelled' : 'committed', endedAt: order.outcome === 'cancelled' ? endedAt : paidAt, reason: order.outcome === 'cancelled' ? 'ordered by mistake' : 'paid' }],
    movements: [...held, ...move('commit', paidAt, -1, -1), ...(cameBack(order) ? move('return', endedAt, 1, 0) : [])],
    purchases: [...new Set(order.lines.map(({ productId }) => productId))].map((productId) => ({ _id: `${customer._id}:${productId}`, orderId, at: paidAt })),
  };
}
