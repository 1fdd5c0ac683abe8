import { Inject, Injectable } from '@nestjs/common';
import type { Envelope } from '@shopfleet/contracts';
import { onCommit, type ClientSession } from '@shopfleet/mongo';
import { Inbox } from '@shopfleet/outbox';
import { DeliveriesRepository } from '../deliveries/deliveries.repository.ts';
import { deliveryId } from '../deliveries/delivery-id.ts';
import type { DeliveryWorker } from '../deliveries/delivery.worker.ts';
import type { WebhookEvent } from './webhook-endpoint.schema.ts';
import { WebhookEndpointsRepository } from './webhook-endpoints.repository.ts';
import { opsTarget } from './webhook.deliverer.ts';
import { WEBHOOK_WORKER } from './webhooks.service.ts';

/** Turns an event into one delivery per endpoint that wants it, once. */
@Injectable()
export class MerchantEvents {
  constructor(
    private readonly inbox: Inbox,
    private readonly endpoints: WebhookEndpointsRepository,
    private readonly deliveries: DeliveriesRepository,
    @Inject(WEBHOOK_WORKER) private readonly worker: DeliveryWorker,
  ) {}

  async isWanted(event: WebhookEvent): Promise<boolean> {
    return await this.endpoints.isWanted(event);
  }

  /** @param dataOf what a merchant may know, by their id */
  async tell(event: Envelope & { readonly type: WebhookEvent }, dataOf: ReadonlyMap<string, object>): Promise<void> {
    if (dataOf.size === 0) return;
    await this.inbox.once('notification.webhooks', event, async (session) => {
      for (const endpoint of await this.endpoints.findFor(event.type, [...dataOf.keys()], session)) {
        const body = JSON.stringify({ id: event.id, type: event.type, time: event.time, data: dataOf.get(endpoint.partnerId) });
        await this.record(deliveryId(event.id, event.type, endpoint._id), endpoint._id, `partner:${endpoint.partnerId}`, event.type, body, session);
      }
    });
  }

  /** An alert to the address of operations, in the transaction of its cause. */
  async alert(causeId: string, data: object, session: ClientSession): Promise<void> {
    const body = JSON.stringify({ id: causeId, type: 'ops.alert', time: new Date().toISOString(), data });
    await this.record(deliveryId(causeId, 'ops-alert', opsTarget), opsTarget, opsTarget, 'ops-alert', body, session);
  }

  private async record(id: string, target: string, owner: string, kind: string, body: string, session: ClientSession): Promise<void> {
    await this.deliveries.record({ _id: id, channel: 'webhook', target, owner, kind, body }, session);
    onCommit(session, () => this.worker.announce(id));
  }
}
