import { Injectable } from '@nestjs/common';
import { AppError, currencies, type Currency } from '@shopfleet/kernel';
import { dependencyBreaker } from '@shopfleet/service';
import Stripe from 'stripe';
import { PaymentProvider, PaymentUnknown, RefundRefused, type PaymentNotice, type PaymentOutcome, type PaymentReference, type PaymentRequest, type ProviderRecord, type RefundRequest } from './payment-provider.ts';

export interface StripeOptions {
  readonly secretKey: string;
  readonly webhookSecrets: readonly string[];
  /** Another address than Stripe's own, for tests. */
  readonly url?: string;
}

/** Seconds; source: the 300 s of security.md. */
const signatureWindow = 300;

/**
 * Stripe by its official package. The payment's id is the idempotency key and stands in the metadata, by which webhooks
 * and reconciliation find it again. Time-out 3 s; retries are the saga's, at one layer only.
 */
@Injectable()
export class StripePaymentProvider extends PaymentProvider {
  private readonly stripe: Stripe;
  // A refused card is an answer, not a failure of the provider.
  private readonly breaker = dependencyBreaker('payment', (error) => !isAnswer(error));

  constructor(private readonly options: StripeOptions) {
    super();
    const at = options.url === undefined ? undefined : new URL(options.url);
    this.stripe = new Stripe(options.secretKey, {
      timeout: 3000,
      maxNetworkRetries: 0,
      telemetry: false,
      ...(at && { host: at.hostname, port: at.port, protocol: at.protocol === 'http:' ? 'http' : 'https' }),
    });
  }

  override async pay({ paymentId, reference, amount, token }: PaymentRequest): Promise<PaymentOutcome> {
    try {
      const intent = await this.call(() =>
        this.stripe.paymentIntents.create(
          {
            amount: amount.amount,
            currency: amount.currency.toLowerCase(),
            // What the shopper's browser got from Stripe.
            payment_method: token,
            confirm: true,
            error_on_requires_action: true,
            automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
            metadata: { paymentId, reference },
          },
          { idempotencyKey: paymentId },
        ),
      );
      return outcomeOf(intent) ?? this.unsettled(intent);
    } catch (error) {
      if (error instanceof Stripe.errors.StripeCardError) {
        return { status: 'declined', providerPaymentId: error.payment_intent?.id, reason: error.decline_code ?? error.code ?? 'declined' };
      }
      if (error instanceof Stripe.errors.StripeInvalidRequestError) return { status: 'declined', providerPaymentId: undefined, reason: error.message.slice(0, 200) };
      throw error;
    }
  }

  /** Stripe's search may lag by a minute; a payment that is asked for again under its key is found at once. */
  override async find({ paymentId }: PaymentReference): Promise<PaymentOutcome | undefined> {
    const { data } = await this.call(() => this.stripe.paymentIntents.search({ query: `metadata['paymentId']:'${paymentId}'`, limit: 1 }));
    return data[0] && outcomeOf(data[0]);
  }

  override async refund({ refundId, providerPaymentId, amount }: RefundRequest): Promise<string> {
    try {
      const refund = await this.call(() =>
        this.stripe.refunds.create({ payment_intent: providerPaymentId, amount: amount.amount, metadata: { refundId } }, { idempotencyKey: refundId }),
      );
      return refund.id;
    } catch (error) {
      if (error instanceof Stripe.errors.StripeInvalidRequestError) throw new RefundRefused(error.message);
      throw error;
    }
  }

  override async *listBetween(from: Date, to: Date): AsyncGenerator<readonly ProviderRecord[]> {
    const created = { gte: Math.floor(from.getTime() / 1000), lt: Math.ceil(to.getTime() / 1000) };
    for (let after: string | undefined, more = true; more; ) {
      const page: Stripe.ApiList<Stripe.PaymentIntent> = await this.call(() =>
        this.stripe.paymentIntents.list({ created, limit: 100, expand: ['data.latest_charge'], ...(after !== undefined && { starting_after: after }) }),
      );
      yield page.data.flatMap((intent) => recordOf(intent) ?? []);
      after = page.data.at(-1)?.id;
      more = page.has_more && after !== undefined;
    }
  }

  override readWebhook(headers: Readonly<Record<string, string | string[] | undefined>>, rawBody: Buffer, now: Date): PaymentNotice | undefined {
    const event = this.verified(headers['stripe-signature'], rawBody, now);
    if (event.type !== 'payment_intent.succeeded' && event.type !== 'payment_intent.payment_failed') return undefined;
    const { paymentId } = event.data.object.metadata;
    const outcome = outcomeOf(event.data.object);
    return paymentId !== undefined && outcome ? { paymentId, outcome } : undefined;
  }

  private verified(signature: string | string[] | undefined, rawBody: Buffer, now: Date): Stripe.Event {
    for (const secret of this.options.webhookSecrets) {
      try {
        return this.stripe.webhooks.constructEvent(rawBody, signature ?? '', secret, signatureWindow, undefined, now.getTime());
      } catch (error) {
        if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) throw error;
      }
    }
    throw new AppError('unauthenticated', { detail: 'The Stripe-Signature does not match, or is more than 300 seconds old.' });
  }

  /** @throws PaymentUnknown; Stripe's own errors where it has understood the request and will not */
  private async call<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await this.breaker.execute(ask);
    } catch (error) {
      if (isAnswer(error)) throw error;
      throw new PaymentUnknown(error);
    }
  }

  private unsettled({ id, status }: Stripe.PaymentIntent): never {
    throw new PaymentUnknown(new Error(`payment ${id} is ${status}`));
  }
}

const isAnswer = (error: unknown): boolean => error instanceof Stripe.errors.StripeCardError || error instanceof Stripe.errors.StripeInvalidRequestError;

function outcomeOf({ id, status, last_payment_error: failure }: Stripe.PaymentIntent): PaymentOutcome | undefined {
  if (status === 'succeeded') return { status: 'captured', providerPaymentId: id };
  if (status === 'requires_payment_method' || status === 'canceled' || status === 'requires_action') {
    return { status: 'declined', providerPaymentId: id, reason: failure?.decline_code ?? failure?.code ?? status };
  }
  return undefined;
}

function recordOf(intent: Stripe.PaymentIntent): ProviderRecord | undefined {
  const { paymentId, reference } = intent.metadata;
  const outcome = outcomeOf(intent);
  const currency = currencies.find((known): known is Currency => known === intent.currency.toUpperCase());
  if (paymentId === undefined || reference === undefined || outcome === undefined || currency === undefined) return undefined;
  const refunded = typeof intent.latest_charge === 'object' ? (intent.latest_charge?.amount_refunded ?? 0) : 0;
  return { paymentId, reference, outcome, amount: { amount: intent.amount, currency }, refunded };
}
