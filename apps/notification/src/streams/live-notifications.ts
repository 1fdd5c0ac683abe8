import { Injectable } from '@nestjs/common';
import { RedisStateClient } from '@shopfleet/redis';
import { z } from 'zod';
import type { Audience, Notification } from '../inbox/notification.schema.ts';
import { present } from '../inbox/notifications.presenter.ts';
import { notificationSchemaOut, type NotificationView } from '../inbox/notifications.requests.ts';

/** A notification on its way to whoever listens. */
export interface LiveNotification {
  readonly seq: number;
  readonly notification: NotificationView;
}

const message = z.object({ seq: z.number(), notification: notificationSchemaOut });

const channelOf = (audience: Audience): string => `notifications:${audience}`;

/**
 * Tells the workers that hold a reader's connection of a new notification, over one Redis channel per audience. Only a
 * hint: the database is the truth, and whoever missed a message finds it there.
 */
@Injectable()
export class LiveNotifications {
  constructor(private readonly redis: RedisStateClient) {}

  /** Never rejects. */
  announce(notification: Notification): void {
    const live: LiveNotification = { seq: notification.seq, notification: present(notification, '') };
    this.redis.publish(channelOf(notification.audience), JSON.stringify(live)).catch(() => undefined);
  }

  /**
   * Resolves when Redis listens for us. `onGap`: messages may have been missed.
   */
  async listen(audience: Audience, onMessage: (live: LiveNotification) => void, onGap: () => void): Promise<() => Promise<void>> {
    return await this.redis.listen(channelOf(audience), {
      onMessage: (text) => {
        const parsed = message.safeParse(parseJson(text));
        if (parsed.success) onMessage(parsed.data as LiveNotification);
        else onGap();
      },
      onGap,
    });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
