import type { Notification } from './notification.schema.ts';
import type { NotificationView } from './notifications.requests.ts';

export function present(notification: Notification, userId: string): NotificationView {
  const { _id, audience, kind, title, body, link, unread, readBy, createdAt } = notification;
  return {
    id: _id,
    kind,
    title,
    body,
    ...(link !== undefined && { link }),
    read: audience.startsWith('user:') ? !unread : readBy.includes(userId),
    createdAt: createdAt.toISOString(),
  };
}
