import { RefusedAddressError, WebhookSender, type SafeHttpClient } from '@shopfleet/webhooks';
import type { Deliverer, Outcome } from '../deliveries/deliverer.ts';
import type { Delivery } from '../deliveries/delivery.schema.ts';
import type { EndpointSecrets } from './endpoint-secrets.ts';
import type { WebhookEndpointsRepository } from './webhook-endpoints.repository.ts';

/** Where alerts of operations go, beside the merchants' endpoints. */
export const opsTarget = 'ops';

/** Posts signed events to merchants and alerts to operations. */
export class WebhookDeliverer implements Deliverer {
  readonly channel = 'webhook';
  private readonly sender: WebhookSender;

  constructor(
    private readonly endpoints: WebhookEndpointsRepository,
    private readonly secrets: EndpointSecrets,
    http: SafeHttpClient,
    private readonly opsUrl: string,
  ) {
    this.sender = new WebhookSender(http);
  }

  async providerOf({ target }: Delivery): Promise<string | undefined> {
    const url = (await this.addressOf(target))?.url;
    return url && new URL(url).origin;
  }

  async deliver({ _id, target, body }: Delivery): Promise<Outcome> {
    const address = await this.addressOf(target);
    if (address === undefined) return { result: 'never', error: 'the endpoint was removed' };
    try {
      const { delivered, status } = await this.sender.send({ ...address, id: _id, payload: JSON.parse(body) as unknown });
      if (delivered) return { result: 'delivered', status };
      // Whatever else it says may be a mistake that the merchant mends within the day.
      return status === 410 ? { result: 'never', status, error: 'the endpoint answered 410: gone' } : { result: 'later', status, error: `the endpoint answered ${status}` };
    } catch (error) {
      if (error instanceof RefusedAddressError) return { result: 'never', error: error.message };
      throw error;
    }
  }

  private async addressOf(target: string): Promise<{ url: string; secrets: string[] } | undefined> {
    if (target === opsTarget) return this.opsUrl === '' ? undefined : { url: this.opsUrl, secrets: [this.secrets.of({ _id: opsTarget, secretVersion: 1 })] };
    const endpoint = await this.endpoints.find(target);
    if (endpoint === undefined || !endpoint.active) return undefined;
    return { url: endpoint.url, secrets: [this.secrets.of(endpoint)] };
  }
}
