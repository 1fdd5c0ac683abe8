import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { currentRequest, type Money } from '@shopfleet/kernel';
import { circuitBreaker, handleWhen, SamplingBreaker } from 'cockatiel';
import { Pool } from 'undici';
import { z } from 'zod';
import { PaymentProvider, PaymentUnknown, type PaymentOutcome, type PaymentRequest } from './payment-provider.ts';

const timeoutMs = 3000;

const refusals = new Set([400, 402, 422]);

const paymentSchema = z.object({ id: z.string(), status: z.enum(['succeeded', 'declined']), declineCode: z.string().optional() });
const refundSchema = z.object({ id: z.string() });
const listSchema = z.object({ items: z.array(paymentSchema) });
const problemSchema = z.object({ detail: z.string() });

/** The provider's HTTP interface. Time-out 3 s; half of at least ten calls failing opens the breaker for 30 s (features.md). */
@Injectable()
export class HttpPaymentProvider extends PaymentProvider implements OnApplicationShutdown {
  private readonly pool: Pool;
  private readonly breaker = circuitBreaker(
    handleWhen(() => true),
    { halfOpenAfter: 30_000, breaker: new SamplingBreaker({ threshold: 0.5, duration: 10_000, minimumRps: 1 }) },
  );

  constructor(url: string) {
    super();
    this.pool = new Pool(url, { connections: 128, pipelining: 1, connectTimeout: 1000 });
  }

  override async pay({ paymentId, reference, amount, token }: PaymentRequest): Promise<PaymentOutcome> {
    const { statusCode, body } = await this.call('POST', '/v1/payments', { ...amount, token, reference }, paymentId);
    if (statusCode === 201) return outcomeOf(paymentSchema.parse(body));
    // The provider has read the request and will not: no other answer will come for it.
    if (!refusals.has(statusCode)) throw new PaymentUnknown(new Error(`the provider answered ${statusCode}`));
    const problem = problemSchema.safeParse(body);
    return { status: 'declined', providerPaymentId: undefined, reason: problem.success ? problem.data.detail.slice(0, 200) : `refused with ${statusCode}` };
  }

  override async find(reference: string): Promise<PaymentOutcome | undefined> {
    const { body } = await this.call('GET', `/v1/payments?reference=${encodeURIComponent(reference)}`);
    const [payment] = listSchema.parse(body).items;
    return payment && outcomeOf(payment);
  }

  override async refund(paymentId: string, providerPaymentId: string, { amount }: Money): Promise<string> {
    const { statusCode, body } = await this.call('POST', '/v1/refunds', { payment: providerPaymentId, amount }, `${paymentId}:refund`);
    if (statusCode !== 201) throw new Error(`the provider refused a refund with ${statusCode}: ${JSON.stringify(body)}`);
    return refundSchema.parse(body).id;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.destroy();
  }

  private async call(method: 'GET' | 'POST', path: string, json?: object, key?: string): Promise<{ statusCode: number; body: unknown }> {
    const requestId = currentRequest()?.requestId;
    try {
      return await this.breaker.execute(async () => {
        const response = await this.pool.request({
          method,
          path,
          headers: {
            ...(json && { 'content-type': 'application/json' }),
            ...(key !== undefined && { 'idempotency-key': key }),
            ...(requestId !== undefined && { 'x-request-id': requestId }),
          },
          ...(json && { body: JSON.stringify(json) }),
          signal: AbortSignal.timeout(timeoutMs),
        });
        const text = await response.body.text();
        // 429 and 5xx say nothing about the payment: it may be asked for again.
        if (response.statusCode >= 500 || response.statusCode === 429) throw new Error(`${path} answered ${response.statusCode}`);
        return { statusCode: response.statusCode, body: JSON.parse(text) as unknown };
      });
    } catch (error) {
      throw new PaymentUnknown(error);
    }
  }
}

function outcomeOf({ id, status, declineCode }: z.infer<typeof paymentSchema>): PaymentOutcome {
  return status === 'succeeded' ? { status: 'captured', providerPaymentId: id } : { status: 'declined', providerPaymentId: id, reason: declineCode ?? 'declined' };
}
