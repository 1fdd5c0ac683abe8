import type { CollectionDefinition } from '@shopfleet/mongo';
import { outboxIndexes } from '@shopfleet/outbox';

/** Collections and indexes of shop_notification, for the migration. */
export const notificationCollections: readonly CollectionDefinition[] = [
  {
    collection: 'notifications',
    indexes: [
      { key: { audience: 1, seq: 1 }, name: 'audience_in_order', serves: 'findAfter: what a stream has to hand over' },
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
  { collection: 'audience_counters', indexes: [] },
  { collection: 'preferences', indexes: [] },
  { collection: 'push_subscriptions', indexes: [{ key: { userId: 1, _id: 1 }, name: 'user', serves: 'findAllOf, eraseOf' }] },
  {
    collection: 'webhook_endpoints',
    indexes: [
      { key: { partnerId: 1, _id: 1 }, name: 'partner', serves: 'findAllOf' },
      { key: { events: 1, partnerId: 1 }, name: 'event_partner', partialFilterExpression: { active: true }, serves: 'isWanted, findFor' },
    ],
  },
  {
    collection: 'deliveries',
    indexes: [
      { key: { channel: 1, nextAttemptAt: 1 }, name: 'pending_due', partialFilterExpression: { state: 'pending' }, serves: 'takeDue: the sweeper' },
      { key: { owner: 1, createdAt: -1, _id: -1 }, name: 'owner_newest', serves: 'findPageOf, eraseOf' },
      { key: { target: 1, createdAt: -1, _id: -1 }, name: 'target_newest', serves: 'findPageOf of one endpoint, dropPendingOf' },
      { key: { expiresAt: 1 }, name: 'expiry', expireAfterSeconds: 0, serves: 'forgets old deliveries' },
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
