import { Inject, Injectable } from '@nestjs/common';
import { onCommit, type ClientSession } from '@shopfleet/mongo';
import { DeliveriesRepository } from '../deliveries/deliveries.repository.ts';
import { deliveryId } from '../deliveries/delivery-id.ts';
import type { DeliveryWorker } from '../deliveries/delivery.worker.ts';
import type { NewNotification } from '../inbox/notifications.repository.ts';
import { PUSH_WORKER } from '../push/push.module.ts';
import { PushSubscriptionsRepository } from '../push/push-subscriptions.repository.ts';

// Push services take up to 4 KB, encryption included.
const longestText = 500;

/** A notification, and the person whose browsers show it. */
export interface Push {
  readonly userId: string;
  readonly notice: NewNotification;
}

/** One push message per browser of a person, recorded with the notification that it carries. */
@Injectable()
export class PushWriter {
  constructor(
    private readonly subscriptions: PushSubscriptionsRepository,
    private readonly deliveries: DeliveriesRepository,
    @Inject(PUSH_WORKER) private readonly worker: DeliveryWorker,
  ) {}

  async recordAll(pushes: readonly Push[], session: ClientSession): Promise<void> {
    if (pushes.length === 0) return;
    const subscriptions = await this.subscriptions.findAllOf(pushes.map(({ userId }) => userId), session);
    const deliveries = pushes.flatMap(({ userId, notice: { eventId, kind, ...notice } }) => {
      const { _id: id, title, body, link } = notice;
      const message = JSON.stringify({ id, kind, title: title.slice(0, longestText), body: body.slice(0, longestText), ...(link !== undefined && { link }) });
      return subscriptions
        .filter((subscription) => subscription.userId === userId)
        .map(({ _id: target }) => ({ _id: deliveryId(eventId, kind, target), channel: 'push' as const, target, owner: `user:${userId}`, kind, body: message }));
    });
    await this.deliveries.recordAll(deliveries, session);
    for (const { _id } of deliveries) onCommit(session, () => this.worker.announce(_id));
  }
}
