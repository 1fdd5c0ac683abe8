import type { CollectionDefinition } from '@shopfleet/mongo';
import { outboxIndexes } from '@shopfleet/outbox';

/** Collections and indexes of shop_notification, for the migration. */
export const notificationCollections: readonly CollectionDefinition[] = [
  {
    collection: 'notifications',
    indexes: [
      { key: { audience: 1, _id: -1 }, name: 'audience_newest', serves: 'findPageOf: a list, newest first, by cursor' },
      {
        key: { audience: 1, unread: 1, _id: -1 },
        name: 'audience_unread',
        partialFilterExpression: { unread: true },
        serves: 'countUnreadOf, findPageOf with unreadOnly',
      },
      { key: { eventId: 1, audience: 1 }, name: 'event_audience', unique: true, serves: 'record: one row per event and audience' },
      { key: { expiresAt: 1 }, name: 'expiry', expireAfterSeconds: 0, serves: 'forgets old notifications' },
    ],
  },
  {
    collection: 'mails',
    indexes: [
      { key: { nextRoundAt: 1 }, name: 'pending_due', partialFilterExpression: { state: 'pending' }, serves: 'takeOverdue: the sweeper' },
      { key: { userId: 1 }, name: 'user', sparse: true, serves: 'eraseOf' },
      { key: { expiresAt: 1 }, name: 'expiry', expireAfterSeconds: 0, serves: 'forgets old mails' },
    ],
  },
  ...outboxIndexes,
];
