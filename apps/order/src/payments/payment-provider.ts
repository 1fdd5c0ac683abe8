import type { Money } from '@shopfleet/kernel';

/** What a provider is asked: take `amount` from the means of payment that `token` stands for. */
export interface PaymentRequest {
  /** Idempotency key at the provider: the same key is charged at most once, however often it is sent. */
  readonly paymentId: string;
  /** The order, under which the provider finds the payment again. */
  readonly reference: string;
  readonly amount: Money;
  readonly token: string;
}

export type PaymentOutcome =
  | { readonly status: 'captured'; readonly providerPaymentId: string }
  | { readonly status: 'declined'; readonly providerPaymentId: string | undefined; readonly reason: string };

/**
 * Port to whoever moves the money.
 *
 * Each method throws `PaymentUnknown` when no answer came: the money may or may not have moved, and only asking again
 * (with the same key) tells.
 */
export abstract class PaymentProvider {
  abstract pay(request: PaymentRequest): Promise<PaymentOutcome>;
  /** What became of the payment for an order; undefined when the provider has never heard of it. */
  abstract find(reference: string): Promise<PaymentOutcome | undefined>;
  /** Gives back the whole amount; a repetition with the same payment is harmless. Resolves with the provider's refund id. */
  abstract refund(paymentId: string, providerPaymentId: string, amount: Money): Promise<string>;
}

/** No answer from the provider: time-out, broken connection, its own failure, or the open circuit breaker. */
export class PaymentUnknown extends Error {
  constructor(cause: unknown) {
    super('the payment provider did not answer', { cause });
    this.name = 'PaymentUnknown';
  }
}
