import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Envelope } from '@shopfleet/contracts';
import { counter } from '@shopfleet/metrics';
import { onCommit, type ClientSession } from '@shopfleet/mongo';
import { Timestamp } from 'mongodb';
import type { Connection } from 'mongoose';
import type { OutboxRow } from './mongo-outbox.source.ts';
import { OutboxRelay } from './outbox-relay.ts';
import { outboxCollection } from './outbox.indexes.ts';

/**
 * The row under which an event waits; insert it with `ignoreUndefined`. For tools that stand outside of the services:
 * inside one, {@link Outbox.append} does it.
 */
export function outboxRow(event: Envelope): OutboxRow {
  // An empty timestamp is replaced by the server with its cluster time.
  return { _id: event.id, event, status: 'pending', seq: new Timestamp({ t: 0, i: 0 }), createdAt: new Date() };
}

const recorded = counter('shop_events_recorded_total', 'What happened: events recorded by committed transactions', ['type']);

/** Records events in the transaction that makes them true; the relay publishes them after the commit. */
@Injectable()
export class Outbox {
  constructor(
    @InjectConnection() private readonly connection: Connection,
    private readonly relay: OutboxRelay,
  ) {}

  /**
   * Records events in their order. After a rollback they never were.
   *
   * @throws Error outside of a transaction; MongoDB's errors, which let the transaction fail.
   * @example
   * await transactions.run(async (session) => {
   *   await this.orders.insert(order, session);
   *   await this.outbox.append(session, [createEvent(orderPlaced, { source: 'order', subject: order.id, data })]);
   * });
   */
  async append(session: ClientSession, events: readonly Envelope[]): Promise<void> {
    if (!session.inTransaction()) throw new Error('Outbox.append needs a running transaction: call it inside Transactions.run with its session.');
    if (events.length === 0) return;
    const rows = events.map(outboxRow);
    // Absent fields stay absent; as null they would break the contract at the consumer.
    await this.connection.getClient().db().collection<OutboxRow>(outboxCollection).insertMany(rows, { session, ignoreUndefined: true });
    onCommit(session, () => {
      for (const { type } of events) recorded.inc({ type });
      this.relay.nudge();
    });
  }
}
