import { Inject, Injectable } from '@nestjs/common';
import { onCommit, type ClientSession } from '@shopfleet/mongo';
import { DeliveriesRepository } from '../deliveries/deliveries.repository.ts';
import { deliveryId } from '../deliveries/delivery-id.ts';
import type { DeliveryWorker } from '../deliveries/delivery.worker.ts';
import type { Notification } from '../inbox/notification.schema.ts';
import { PUSH_WORKER } from '../push/push.module.ts';
import { PushSubscriptionsRepository } from '../push/push-subscriptions.repository.ts';

// Push services take up to 4 KB, encryption included.
const longestText = 500;

/** One push message per browser of a person, recorded with the notification that it carries. */
@Injectable()
export class PushWriter {
  constructor(
    private readonly subscriptions: PushSubscriptionsRepository,
    private readonly deliveries: DeliveriesRepository,
    @Inject(PUSH_WORKER) private readonly worker: DeliveryWorker,
  ) {}

  async record(userId: string, { _id, eventId, kind, title, body, link }: Omit<Notification, 'seq'>, session: ClientSession): Promise<void> {
    const message = JSON.stringify({ id: _id, kind, title: title.slice(0, longestText), body: body.slice(0, longestText), ...(link !== undefined && { link }) });
    for (const subscription of await this.subscriptions.findAllOf(userId, session)) {
      const id = deliveryId(eventId, kind, subscription._id);
      await this.deliveries.record({ _id: id, channel: 'push', target: subscription._id, owner: `user:${userId}`, kind, body: message }, session);
      onCommit(session, () => this.worker.announce(id));
    }
  }
}
