import { newId, type Money } from '@shopfleet/kernel';

/**
 * `pending`: asked for, the answer is not known. `refund_due`: money was taken for an order that had ended, and has to
 * go back.
 */
export type PaymentStatus = 'pending' | 'captured' | 'declined' | 'refund_due' | 'refunded';

/** The one payment of an order. Its id is the idempotency key towards the provider. */
export interface Payment {
  readonly id: string;
  readonly orderId: string;
  readonly amount: Money;
  readonly token: string;
  readonly status: PaymentStatus;
  readonly providerPaymentId: string | undefined;
  readonly reason: string | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The payment that an order asks for. */
export const requestPayment = (orderId: string, amount: Money, token: string, at: Date): Payment => ({
  id: newId('pay'),
  orderId,
  amount,
  token,
  status: 'pending',
  providerPaymentId: undefined,
  reason: undefined,
  createdAt: at,
  updatedAt: at,
});
