import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { currencies, currentRequest, type Money } from '@shopfleet/kernel';
import { dependencyBreaker } from '@shopfleet/service';
import { verifyWebhook, WEBHOOK_ID_HEADER, WEBHOOK_SIGNATURE_HEADER } from '@shopfleet/webhooks';
import { Pool } from 'undici';
import { z } from 'zod';
import {
  PaymentProvider,
  PaymentUnknown,
  RefundRefused,
  type PaymentNotice,
  type PaymentOutcome,
  type PaymentReference,
  type PaymentRequest,
  type ProviderRecord,
  type RefundRequest,
} from './payment-provider.ts';

const timeoutMs = 3000;

const refusals = new Set([400, 402, 422]);

const paymentSchema = z.object({ id: z.string(), key: z.string(), status: z.enum(['succeeded', 'declined']), declineCode: z.string().optional() });
const recordSchema = paymentSchema.extend({ reference: z.string(), amount: z.int(), currency: z.enum(currencies), refunded: z.int() });
const refundSchema = z.object({ id: z.string() });
const listSchema = z.object({ items: z.array(paymentSchema) });
const recordsSchema = z.object({ items: z.array(recordSchema), next: z.string().optional() });
const noticeSchema = z.object({ type: z.string(), data: paymentSchema });
const problemSchema = z.object({ detail: z.string() });

export interface HttpPaymentOptions {
  readonly url: string;
  /** With which the provider signs what it tells by itself; the present one, and the one before while it changes. */
  readonly webhookSecrets: readonly string[];
}

/** The simulator's HTTP interface. */
@Injectable()
export class HttpPaymentProvider extends PaymentProvider implements OnApplicationShutdown {
  private readonly pool: Pool;
  private readonly breaker = dependencyBreaker('payment');

  constructor(private readonly options: HttpPaymentOptions) {
    super();
    this.pool = new Pool(options.url, { connections: 128, pipelining: 1, connectTimeout: 1000 });
  }

  override async pay({ paymentId, reference, amount, token }: PaymentRequest): Promise<PaymentOutcome> {
    const { statusCode, body } = await this.call('POST', '/v1/payments', { ...amount, token, reference }, paymentId);
    if (statusCode === 201) return outcomeOf(paymentSchema.parse(body));
    // The provider has read the request and will not: no other answer will come for it.
    if (!refusals.has(statusCode)) throw new PaymentUnknown(new Error(`the provider answered ${statusCode}`));
    return { status: 'declined', providerPaymentId: undefined, reason: detailOf(body) ?? `refused with ${statusCode}` };
  }

  override async find({ paymentId, reference }: PaymentReference): Promise<PaymentOutcome | undefined> {
    const { body } = await this.call('GET', `/v1/payments?reference=${encodeURIComponent(reference)}`);
    const payment = listSchema.parse(body).items.find(({ key }) => key === paymentId);
    return payment && outcomeOf(payment);
  }

  override async refund({ refundId, providerPaymentId, amount: { amount } }: RefundRequest): Promise<string> {
    const { statusCode, body } = await this.call('POST', '/v1/refunds', { payment: providerPaymentId, amount }, refundId);
    if (statusCode === 201) return refundSchema.parse(body).id;
    // 404 and 409: it knows no such payment, or has given all of it back. Anything else may pass, a 401 too.
    if (!refusals.has(statusCode) && statusCode !== 404 && statusCode !== 409) throw new PaymentUnknown(new Error(`the provider answered ${statusCode}`));
    throw new RefundRefused(detailOf(body) ?? `refused with ${statusCode}`);
  }

  override async *listBetween(from: Date, to: Date): AsyncGenerator<readonly ProviderRecord[]> {
    for (let next: string | undefined = ''; next !== undefined; ) {
      const { body } = await this.call('GET', `/v1/payments?from=${from.toISOString()}&to=${to.toISOString()}&limit=500${next === '' ? '' : `&after=${next}`}`);
      const page = recordsSchema.parse(body);
      yield page.items.map(recordOf);
      next = page.next;
    }
  }

  override readWebhook(headers: Readonly<Record<string, string | string[] | undefined>>, rawBody: Buffer, now: Date): PaymentNotice | undefined {
    verifyWebhook(this.options.webhookSecrets, { id: single(headers[WEBHOOK_ID_HEADER]), signature: single(headers[WEBHOOK_SIGNATURE_HEADER]), body: rawBody }, now.getTime());
    const notice = noticeSchema.safeParse(JSON.parse(rawBody.toString()));
    if (!notice.success || !notice.data.type.startsWith('payment.')) return undefined;
    return { paymentId: notice.data.data.key, outcome: outcomeOf(notice.data.data) };
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

const single = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

function detailOf(body: unknown): string | undefined {
  const problem = problemSchema.safeParse(body);
  return problem.success ? problem.data.detail.slice(0, 200) : undefined;
}

function outcomeOf({ id, status, declineCode }: z.infer<typeof paymentSchema>): PaymentOutcome {
  return status === 'succeeded' ? { status: 'captured', providerPaymentId: id } : { status: 'declined', providerPaymentId: id, reason: declineCode ?? 'declined' };
}

function recordOf(record: z.infer<typeof recordSchema>): ProviderRecord {
  const amount: Money = { amount: record.amount, currency: record.currency };
  return { paymentId: record.key, reference: record.reference, outcome: outcomeOf(record), amount, refunded: record.refunded };
}
