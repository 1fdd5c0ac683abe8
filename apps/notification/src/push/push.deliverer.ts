import { RefusedAddressError, type SafeHttpClient } from '@shopfleet/webhooks';
import webPush from 'web-push';
import type { Deliverer, Outcome } from '../deliveries/deliverer.ts';
import type { Delivery } from '../deliveries/delivery.schema.ts';
import type { PushSubscriptionsRepository } from './push-subscriptions.repository.ts';
import type { Vapid } from './vapid.ts';

/** A push message is of no use to a browser that was off for longer. */
const keptByServiceSeconds = 24 * 3_600;

/** Encrypts for the one browser that can read it (RFC 8291), signs as the shop (RFC 8292), posts to its push service. */
export class PushDeliverer implements Deliverer {
  readonly channel = 'push';

  constructor(
    private readonly subscriptions: PushSubscriptionsRepository,
    private readonly http: SafeHttpClient,
    private readonly vapid: Vapid | undefined,
  ) {}

  async providerOf({ target }: Delivery): Promise<string | undefined> {
    const subscription = await this.subscriptions.find(target);
    return subscription && new URL(subscription.endpoint).origin;
  }

  async deliver({ target, body, _id }: Delivery): Promise<Outcome> {
    const subscription = await this.subscriptions.find(target);
    if (subscription === undefined) return { result: 'never', error: 'the browser was unsubscribed' };
    if (this.vapid === undefined) return { result: 'later', error: 'VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY are not set' };
    const { endpoint, keys, userId } = subscription;
    const request = webPush.generateRequestDetails({ endpoint, keys: { ...keys } }, body, {
      TTL: keptByServiceSeconds,
      vapidDetails: { ...this.vapid },
      // A second try of the same message replaces the first in the push service.
      topic: _id.slice('dlv_'.length).slice(0, 32),
    });
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => name.toLowerCase() !== 'content-length').map(([name, value]) => [name, String(value)]));
    try {
      const { status, headers: answered } = await this.http.request(endpoint, { method: 'POST', headers, body: request.body as Buffer });
      if (status >= 200 && status < 300) return { result: 'delivered', status };
      // The browser has withdrawn its permission or is gone.
      if (status === 404 || status === 410) {
        await this.subscriptions.remove(target, userId);
        return { result: 'never', status, error: 'the browser is no longer subscribed' };
      }
      const afterMs = Number(answered['retry-after']) * 1_000;
      if (status === 429 || status >= 500) return { result: 'later', status, error: `the push service answered ${status}`, ...(afterMs > 0 && { afterMs: Math.min(afterMs, 3_600_000) }) };
      return { result: 'never', status, error: `the push service answered ${status}` };
    } catch (error) {
      if (error instanceof RefusedAddressError) return { result: 'never', error: error.message };
      throw error;
    }
  }
}
