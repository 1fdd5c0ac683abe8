import type { Money } from '@shopfleet/kernel';

/** Names a payment to the provider. */
export interface PaymentReference {
  /** Idempotency key at the provider: the same key is charged at most once, however often it is sent. */
  readonly paymentId: string;
  /** The order it is for. */
  readonly reference: string;
}

/** What a provider is asked: take `amount` from the means of payment that `token` stands for. */
export interface PaymentRequest extends PaymentReference {
  readonly amount: Money;
  readonly token: string;
}

export interface RefundRequest {
  /** Idempotency key at the provider. */
  readonly refundId: string;
  readonly providerPaymentId: string;
  readonly amount: Money;
}

export type PaymentOutcome =
  | { readonly status: 'captured'; readonly providerPaymentId: string }
  | { readonly status: 'declined'; readonly providerPaymentId: string | undefined; readonly reason: string };

/** A payment as it stands in the provider's books. */
export interface ProviderRecord extends PaymentReference {
  readonly outcome: PaymentOutcome;
  readonly amount: Money;
  /** Minor units that went back. */
  readonly refunded: number;
}

/**
 * Port to whoever moves the money.
 *
 * Each method throws `PaymentUnknown` when no answer came: the money may or may not have moved, and only asking again
 * (with the same key) tells.
 */
export abstract class PaymentProvider {
  abstract pay(request: PaymentRequest): Promise<PaymentOutcome>;
  /** What became of a payment; undefined when the provider has never heard of it. */
  abstract find(payment: PaymentReference): Promise<PaymentOutcome | undefined>;
  /** Gives an amount back; a repetition with the same refund id is harmless. Resolves with the provider's refund id. @throws RefundRefused */
  abstract refund(request: RefundRequest): Promise<string>;
  /** All payments that were made from `from` until `to`, for reconciliation. */
  abstract listBetween(from: Date, to: Date): AsyncIterable<readonly ProviderRecord[]>;
  /** What a message of the provider says about a payment; undefined when it says nothing that concerns the shop. @throws AppError `unauthenticated` for a wrong or old signature */
  abstract readWebhook(headers: Readonly<Record<string, string | string[] | undefined>>, rawBody: Buffer, now: Date): PaymentNotice | undefined;
}

/** What a provider tells by itself. */
export interface PaymentNotice {
  readonly paymentId: string;
  readonly outcome: PaymentOutcome;
}

/** No answer from the provider: time-out, broken connection, its own failure, or the open circuit breaker. */
export class PaymentUnknown extends Error {
  constructor(cause: unknown) {
    super('the payment provider did not answer', { cause });
    this.name = 'PaymentUnknown';
  }
}

/** The provider will never make this refund: there is not so much left to give back, or no such payment. */
export class RefundRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RefundRefused';
  }
}
