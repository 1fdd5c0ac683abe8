import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '@shopfleet/kernel';
import { signWebhook, WEBHOOK_ID_HEADER, WEBHOOK_SIGNATURE_HEADER } from '@shopfleet/webhooks';
import { Pool } from 'undici';
import type { SimulatorConfig } from './config.ts';
import type { Ledger } from './ledger.ts';
import type { Payment } from './payments.schema.ts';

const tries = 10;
const timeoutMs = 5000;
// A shop may take its time before it answers, so that few at once would fall behind its orders.
const atOnce = 64;

interface AnnouncerOptions {
  readonly url: URL;
  readonly secret: string;
  readonly delayMs: number;
}

/**
 * Tells the shop of payments as real providers do: late, in any order, some of them several times, again when nobody
 * answers. What was not told when the process ended is told when it starts again.
 */
export class Announcer {
  readonly #options: AnnouncerOptions;
  readonly #ledger: Ledger;
  readonly #report: (problem: string) => void;
  readonly #pool: Pool;
  readonly #closing = new AbortController();

  private constructor(options: AnnouncerOptions, ledger: Ledger, report: (problem: string) => void) {
    this.#options = options;
    this.#ledger = ledger;
    this.#report = report;
    this.#pool = new Pool(options.url.origin, { connections: atOnce, pipelining: 1, connectTimeout: timeoutMs });
    ledger.onPayment = (payment, copies) => void this.#announce(payment, copies);
  }

  /** Undefined where nobody wants to be told. */
  static of(config: SimulatorConfig, ledger: Ledger, report: (problem: string) => void): Announcer | undefined {
    const { PAYMENT_WEBHOOK_URL: url, PAYMENT_WEBHOOK_SECRET: secret, PAYMENT_WEBHOOK_DELAY_MS: delayMs } = config;
    return url === undefined || secret === undefined ? undefined : new Announcer({ url: new URL(url), secret, delayMs }, ledger, report);
  }

  /** Goes on with what an earlier process did not get told. */
  resume(): void {
    for (const payment of this.#ledger.unannounced()) void this.#announce(payment, 1);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#pool.destroy();
  }

  async #announce(payment: Payment, copies: number): Promise<void> {
    const event = { id: newId('evt'), type: `payment.${payment.status}`, createdAt: new Date().toISOString(), data: payment };
    const body = Buffer.from(JSON.stringify(event));
    try {
      await Promise.all(Array.from({ length: copies }, () => this.#deliver(event.id, body)));
      await this.#ledger.announced(payment.id);
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#report(`nobody took the webhook of ${payment.id}: ${String(error)}`);
    }
  }

  async #deliver(id: string, body: Buffer): Promise<void> {
    const { url, secret, delayMs } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      // Refunds may have been made meanwhile; a webhook tells what was true when it was written, as real ones do.
      await delay(attempt === 1 ? Math.random() * delayMs : 250 * 2 ** attempt, undefined, { signal: this.#closing.signal, ref: false });
      try {
        const timestamp = Math.floor(Date.now() / 1000);
        const response = await this.#pool.request({
          method: 'POST',
          path: url.pathname,
          headers: { 'content-type': 'application/json', [WEBHOOK_ID_HEADER]: id, [WEBHOOK_SIGNATURE_HEADER]: signWebhook([secret], id, body, timestamp) },
          body,
          // From when it is sent, not from when it began to wait for a connection.
          headersTimeout: timeoutMs,
          bodyTimeout: timeoutMs,
        });
        await response.body.dump();
        if (response.statusCode < 300) return;
        throw new Error(`answered ${response.statusCode}`);
      } catch (error) {
        if (this.#closing.signal.aborted || attempt === tries) throw error;
      }
    }
  }
}
