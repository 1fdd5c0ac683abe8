import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Envelope } from '@shopfleet/contracts';
import { counter } from '@shopfleet/metrics';
import { isDuplicateKey, Transactions, type ClientSession } from '@shopfleet/mongo';
import type { Connection } from 'mongoose';
import { inboxCollection } from './outbox.indexes.ts';

const effects = counter('shop_inbox_events_total', 'Events that consumers handled: with their effect, or known from before', ['consumer', 'outcome']);

interface InboxRow {
  readonly _id: string;
  readonly type: string;
  readonly at: Date;
}

/** Lets an event have its effect once, however often it is delivered. */
@Injectable()
export class Inbox {
  constructor(
    @InjectConnection() private readonly connection: Connection,
    private readonly transactions: Transactions,
  ) {}

  /**
   * Runs `effect` and notes that `consumer` has handled this event, both in one transaction. Resolves true when the
   * effect was made now, false when it had been made before (then nothing happens). Two deliveries at the same time meet
   * in a write conflict: one waits for the other and finds it done. What `effect` throws rolls both back and is thrown on.
   * Events that follow from the effect go into the outbox with the same session.
   *
   * @example
   * await inbox.once('order.stock', event, async (session) => {
   *   await this.orders.markReserved(event.data.orderId, session);
   * });
   */
  async once(consumer: string, event: Pick<Envelope, 'id' | 'type'>, effect: (session: ClientSession) => Promise<void>): Promise<boolean> {
    const rows = this.connection.getClient().db().collection<InboxRow>(inboxCollection);
    const row: InboxRow = { _id: `${consumer}:${event.id}`, type: event.type, at: new Date() };
    try {
      await this.transactions.run(async (session) => {
        await rows.insertOne({ ...row }, { session }).catch((error: unknown) => {
          throw isDuplicateKey(error) ? new HandledBefore() : error;
        });
        await effect(session);
      });
      effects.inc({ consumer, outcome: 'effect' });
      return true;
    } catch (error) {
      if (error instanceof HandledBefore) {
        effects.inc({ consumer, outcome: 'known' });
        return false;
      }
      throw error;
    }
  }
}

// Leaves the transaction without a retry; the effect's own duplicate keys are none of ours.
class HandledBefore extends Error {}
