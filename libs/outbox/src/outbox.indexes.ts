import type { CollectionDefinition } from '@shopfleet/mongo';

export const outboxCollection = 'outbox';
export const inboxCollection = 'inbox';
export const leaseCollection = 'leases';

const daySeconds = 24 * 3_600;

/**
 * Collections and indexes of outbox, inbox and leases; a service gives them to `migrate` beside its own.
 * Sent events stay 7 days for questions, inbox rows 14 days: longer than any message can wait to be delivered again.
 */
export const outboxIndexes: readonly CollectionDefinition[] = [
  {
    collection: outboxCollection,
    indexes: [
      {
        name: 'pending_in_order',
        key: { seq: 1 },
        partialFilterExpression: { status: 'pending' },
        serves: 'claimBatch: the oldest pending rows; sent rows are not in it, so it stays small',
      },
      { name: 'sent_expire', key: { sentAt: 1 }, expireAfterSeconds: 7 * daySeconds, serves: 'expiry of sent rows; pending rows have no sentAt and never expire' },
    ],
  },
  {
    collection: inboxCollection,
    indexes: [{ name: 'handled_expire', key: { at: 1 }, expireAfterSeconds: 14 * daySeconds, serves: 'expiry of what was handled long ago' }],
  },
  { collection: leaseCollection, indexes: [] },
];
