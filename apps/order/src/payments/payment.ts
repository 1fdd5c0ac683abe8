import { newId, type Money } from '@shopfleet/kernel';

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
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The payment that an order asks for. */
export const requestPayment = (orderId: string, amount: Money, token: string, at: Date, effectKey?: string): Payment => ({
  id: newId('pay'),
  orderId,
  amount,
  token,
  status: 'pending',
  providerPaymentId: undefined,
  reason: undefined,
  effectKey,
  createdAt: at,
  updatedAt: at,
});
