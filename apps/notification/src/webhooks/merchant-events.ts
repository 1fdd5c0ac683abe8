import { Inject, Injectable } from '@nestjs/common';
import type { Envelope } from '@shopfleet/contracts';
import { onCommit, type ClientSession } from '@shopfleet/mongo';
import { Inbox } from '@shopfleet/outbox';
import { DeliveriesRepository, type NewDelivery } from '../deliveries/deliveries.repository.ts';
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
      const endpoints = await this.endpoints.findFor(event.type, [...dataOf.keys()], session);
      await this.record(endpoints.map(({ _id, partnerId }) => ({
        _id: deliveryId(event.id, event.type, _id),
        target: _id,
        owner: `partner:${partnerId}`,
        kind: event.type,
        body: JSON.stringify({ id: event.id, type: event.type, time: event.time, data: dataOf.get(partnerId) }),
      })), session);
    });
  }

  /** An alert to the address of operations, in the transaction of its cause. */
  async alert(causeId: string, data: object, session: ClientSession): Promise<void> {
    const body = JSON.stringify({ id: causeId, type: 'ops.alert', time: new Date().toISOString(), data });
    await this.record([{ _id: deliveryId(causeId, 'ops-alert', opsTarget), target: opsTarget, owner: opsTarget, kind: 'ops-alert', body }], session);
  }

  private async record(deliveries: readonly Omit<NewDelivery, 'channel'>[], session: ClientSession): Promise<void> {
    await this.deliveries.recordAll(deliveries.map((delivery) => ({ ...delivery, channel: 'webhook' })), session);
    for (const { _id } of deliveries) onCommit(session, () => this.worker.announce(_id));
  }
}
