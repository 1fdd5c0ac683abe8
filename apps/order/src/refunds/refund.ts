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
  /** Of a payment that came when the order had ended or was paid already: it is none of the order's money. */
  readonly late: boolean;
  readonly status: 'due' | 'done' | 'refused';
  readonly createdAt: Date;
}
