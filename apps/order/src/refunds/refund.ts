import type { Money } from '@shopfleet/kernel';

/** Money that goes back to a customer. `due`: promised, the provider has not confirmed it yet. */
export interface Refund {
  readonly id: string;
  readonly orderId: string;
  readonly paymentId: string;
  readonly providerPaymentId: string;
  readonly amount: Money;
  readonly reason: string;
  readonly returnId: string | undefined;
  readonly status: 'due' | 'done' | 'refused';
  readonly createdAt: Date;
}
