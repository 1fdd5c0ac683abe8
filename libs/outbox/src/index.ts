export { Inbox } from './inbox.ts';
export { MongoLease } from './mongo-lease.ts';
export { MongoOutboxSource, type OutboxRow } from './mongo-outbox.source.ts';
export { OutboxRelay, type RelayOptions } from './outbox-relay.ts';
export type { Backlog, LeaderLease, OutboxBell, OutboxEntry, OutboxSource } from './outbox-source.ts';
export { inboxCollection, leaseCollection, outboxCollection, outboxIndexes } from './outbox.indexes.ts';
export { OutboxModule, type OutboxOptions, type OutboxSourceOptions } from './outbox.module.ts';
export { Outbox, outboxRow } from './outbox.ts';
