import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Envelope } from '@shopfleet/contracts';
import { counter } from '@shopfleet/metrics';
import { isDuplicateKey, Transactions, type ClientSession, type GatherBounds } from '@shopfleet/mongo';
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
    try {
      await this.transactions.run(async (session) => {
        await this.note(consumer, [event], session);
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

  /**
   * Like {@link once} for events that come in numbers: those that wait at the same time have their effect in one
   * transaction. `effect` gets one event or several and resolves with a result for each, if it has any; when it throws
   * for several, nothing has happened and it is called again for each of them alone. Undefined for what was handled before.
   *
   * @example
   * private readonly commit = inbox.gather('inventory.commit', (events: readonly OrderPaid[], session) => this.inventory.commit(events, session));
   * @EventPattern<string>('order.paid.v1') paid(@Payload() event: OrderPaid) { return this.commit(event); }
   */
  gather<E extends Pick<Envelope, 'id' | 'type'>, R = void>(
    consumer: string,
    effect: (events: readonly E[], session: ClientSession) => Promise<readonly R[]>,
    bounds?: GatherBounds,
  ): (event: E) => Promise<R | undefined> {
    const apply = this.transactions.gather<E, R>(async (events, session) => {
      await this.note(consumer, events, session);
      return effect(events, session);
    }, bounds);
    return async (event) => {
      try {
        const result = await apply(event);
        effects.inc({ consumer, outcome: 'effect' });
        return result;
      } catch (error) {
        if (!(error instanceof HandledBefore)) throw error;
        effects.inc({ consumer, outcome: 'known' });
        return undefined;
      }
    };
  }

  private async note(consumer: string, events: readonly Pick<Envelope, 'id' | 'type'>[], session: ClientSession): Promise<void> {
    const at = new Date();
    const rows = events.map(({ id, type }): InboxRow => ({ _id: `${consumer}:${id}`, type, at }));
    await this.connection.getClient().db().collection<InboxRow>(inboxCollection).insertMany(rows, { session }).catch((error: unknown) => {
      throw isDuplicateKey(error) ? new HandledBefore() : error;
    });
  }
}

// Leaves the transaction without a retry; the effect's own duplicate keys are none of ours.
class HandledBefore extends Error {}
