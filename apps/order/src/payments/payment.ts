import type { Intent } from '@shopfleet/idempotency';
import { newId, type Money } from '@shopfleet/kernel';
import type { Order } from '../orders/domain/order.ts';

/**
 * `pending`: asked for, the answer is not known. `late`: captured after its order had ended; all of it goes back.
 */
export type PaymentStatus = 'pending' | 'captured' | 'declined' | 'late';

/** One attempt to pay an order. Its id is the idempotency key towards the provider. */
export interface Payment {
  readonly id: string;
  readonly orderId: string;
  readonly amount: Money;
  readonly token: string;
  readonly status: PaymentStatus;
  readonly providerPaymentId: string | undefined;
  readonly reason: string | undefined;
  /** The request that asked for it, where it is not the order's first payment. */
  readonly effectKey: string | undefined;
  /** What that request asked for. */
  readonly effectFingerprint: string | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The payment that a new order asks for; known by the order alone, so that whoever hears of its stock can begin it. */
export const firstPayment = ({ id, totals, paymentToken, createdAt }: Pick<Order, 'id' | 'totals' | 'paymentToken' | 'createdAt'>): Payment => ({
  ...requestPayment(id, totals.total, paymentToken, createdAt),
  id: id.replace(/^ord_/u, 'pay_'),
});

/** A payment that an order asks for. */
export const requestPayment = (orderId: string, amount: Money, token: string, at: Date, intent?: Intent): Payment => ({
  id: newId('pay'),
  orderId,
  amount,
  token,
  status: 'pending',
  providerPaymentId: undefined,
  reason: undefined,
  effectKey: intent?.key,
  effectFingerprint: intent?.fingerprint,
  createdAt: at,
  updatedAt: at,
});
