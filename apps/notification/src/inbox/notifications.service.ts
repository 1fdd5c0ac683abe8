import { Injectable } from '@nestjs/common';
import type { Principal } from '@shopfleet/identity';
import { AppError, decodeCursor, encodeCursor } from '@shopfleet/kernel';
import { encodeStreamCursor } from '../streams/stream-cursor.ts';
import { present } from './notifications.presenter.ts';
import { NotificationsRepository } from './notifications.repository.ts';
import { readerOf } from './reader.ts';
import type { ListQuery, NotificationList, NotificationView } from './notifications.requests.ts';

@Injectable()
export class NotificationsService {
  constructor(private readonly notifications: NotificationsRepository) {}

  async list(principal: Principal, { cursor, limit, unread }: ListQuery): Promise<NotificationList> {
    const reader = readerOf(principal);
    const after = cursor === undefined ? undefined : String(decodeCursor(cursor, 1)[0]);
    // Read before the list: what is recorded in between stands in both, never in neither.
    const since = encodeStreamCursor(await this.notifications.lastSeqOf(reader.audiences), reader.audiences);
    const [found, unreadCount] = await Promise.all([
      // One more than asked for tells whether there is a next page.
      this.notifications.findPageOf(reader, { ...(after !== undefined && { after }), limit: limit + 1, unreadOnly: unread === 'true' }),
      this.notifications.countUnreadOf(reader),
    ]);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page.map((notification) => present(notification, reader.userId)),
      nextCursor: found.length > limit && last !== undefined ? encodeCursor([last._id]) : null,
      since,
      unread: unreadCount,
    };
  }

  /** @throws AppError not-found also for somebody else's */
  async markRead(principal: Principal, id: string): Promise<NotificationView> {
    const notification = await this.notifications.markRead(id, readerOf(principal));
    if (notification === undefined) {
      throw new AppError('not-found', { detail: `There is no notification ${id} in your list; GET /api/notifications shows those there are.` });
    }
    return present(notification, principal.userId);
  }
}
