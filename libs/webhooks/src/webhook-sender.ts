import type { SafeHttpClient } from './safe-http-client.ts';
import { signWebhook, WEBHOOK_ID_HEADER, WEBHOOK_SIGNATURE_HEADER } from './signature.ts';

export interface OutgoingWebhook {
  readonly url: string;
  /** The receiver's secret, and the one before while it changes. */
  readonly secrets: readonly string[];
  /** The same at every try of one delivery, so that the receiver can tell a repetition. */
  readonly id: string;
  readonly payload: unknown;
}

/** Delivers signed webhooks. Whoever calls it decides when to try again. */
export class WebhookSender {
  readonly #http: SafeHttpClient;
  readonly #now: () => number;

  /** @param now milliseconds since the epoch */
  constructor(http: SafeHttpClient, now: () => number = Date.now) {
    this.#http = http;
    this.#now = now;
  }

  /**
   * Tries once; delivered means 2xx. A redirect is not followed and not delivered.
   * @throws RefusedAddressError when the URL leads into a network that is not public; Error when nobody answers
   */
  async send({ url, secrets, id, payload }: OutgoingWebhook): Promise<{ readonly delivered: boolean; readonly status: number }> {
    const body = Buffer.from(JSON.stringify(payload));
    const signature = signWebhook(secrets, id, body, Math.floor(this.#now() / 1_000));
    const headers = { 'content-type': 'application/json', 'user-agent': 'Shopfleet-Webhooks', [WEBHOOK_ID_HEADER]: id, [WEBHOOK_SIGNATURE_HEADER]: signature };
    const { status } = await this.#http.request(url, { method: 'POST', headers, body });
    return { delivered: status >= 200 && status < 300, status };
  }
}
