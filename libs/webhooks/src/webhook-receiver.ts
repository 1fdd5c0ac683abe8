import type { ReplayStore } from './replay-store.ts';
import { verifyWebhook, WEBHOOK_WINDOW_SECONDS, type WebhookToVerify } from './signature.ts';

export interface WebhookReceiverOptions {
  /** Names the sender in keys of the replay store. */
  readonly sender: string;
  /** The present secret, and the one before while the sender changes. */
  readonly secrets: readonly string[];
  readonly replays: ReplayStore;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

export type IncomingWebhook = WebhookToVerify;

/**
 * Takes webhooks of one sender: a forged or old one is refused, a repeated one does nothing.
 *
 * @example await receiver.receive({ id: headers[WEBHOOK_ID_HEADER], signature: headers[WEBHOOK_SIGNATURE_HEADER], body: rawBody }, apply);
 */
export class WebhookReceiver {
  readonly #options: WebhookReceiverOptions;

  constructor(options: WebhookReceiverOptions) {
    this.#options = options;
  }

  /**
   * Resolves with whether `effect` ran now; false for a delivery that was applied before.
   * @throws AppError `unauthenticated`; what `effect` throws, and then the next delivery tries again
   */
  async receive(webhook: IncomingWebhook, effect: () => Promise<void>): Promise<boolean> {
    const now = (this.#options.now ?? Date.now)();
    verifyWebhook(this.#options.secrets, webhook, now);
    // A timestamp may lie in the future by the window, and is then accepted for twice as long.
    const keepUntil = new Date(now + 2 * WEBHOOK_WINDOW_SECONDS * 1_000);
    return this.#options.replays.once(`${this.#options.sender}:${webhook.id ?? ''}`, keepUntil, effect);
  }
}
