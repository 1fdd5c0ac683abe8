import { Injectable, Logger } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Envelope } from '@shopfleet/contracts';
import type { ChangeStream, Collection, Timestamp } from 'mongodb';
import type { Connection } from 'mongoose';
import type { Backlog, OutboxEntry, OutboxSource } from './outbox-source.ts';
import { outboxCollection } from './outbox.indexes.ts';

/** A row of the outbox. */
export interface OutboxRow {
  /** The id of the event. */
  readonly _id: string;
  readonly event: Envelope;
  readonly status: 'pending' | 'sent';
  /**
   * The server's cluster time at the insert: the order of publishing. It grows with each insert on the primary, also
   * across elections, whatever the clocks of the services say. Two transactions that change one aggregate cannot
   * overlap (the later one would meet a write conflict and start anew), so the later one inserts after the earlier one
   * has committed: within a subject the order of `seq` is the order of commits. Across subjects it need not be, and a
   * row may become visible after rows with a greater `seq`; rows are therefore picked by their status, not by a cursor.
   */
  readonly seq: Timestamp;
  readonly createdAt: Date;
  readonly sentAt?: Date;
}

const reopenAfterMs = 1_000;
/** Claimed rows whose insert the change stream may still tell of. */
const remembered = 2_000;
// A great backlog is a great backlog; counting it exactly at each scrape would add to it.
const mostCounted = 100_000;

/** The outbox of a service in its own MongoDB database. */
@Injectable()
export class MongoOutboxSource implements OutboxSource {
  private readonly logger = new Logger(MongoOutboxSource.name);

  private readonly claimed = new Set<string>();

  constructor(@InjectConnection() private readonly connection: Connection) {}

  async claimBatch(limit: number, published: ReadonlySet<string> = new Set()): Promise<readonly OutboxEntry[]> {
    const rows = await this.rows
      .find({ status: 'pending', ...(published.size > 0 && { _id: { $nin: [...published] } }) }, { projection: { event: 1 }, hint: 'pending_in_order', readConcern: { level: 'majority' } })
      .sort({ seq: 1 })
      .limit(limit)
      .batchSize(limit)
      .toArray();
    this.remember(rows);
    return rows.map(({ _id, event }) => ({ id: _id, event }));
  }

  async backlog(): Promise<Backlog> {
    const hint = 'pending_in_order';
    const [pending, oldest] = await Promise.all([
      this.rows.countDocuments({ status: 'pending' }, { hint, limit: mostCounted, maxTimeMS: 800 }),
      this.rows.findOne({ status: 'pending' }, { hint, sort: { seq: 1 }, projection: { createdAt: 1 }, maxTimeMS: 800 }),
    ]);
    return { pending, oldestAt: oldest?.createdAt };
  }

  async markSent(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    // With majority, as claimBatch reads: else what is marked would still be offered for a moment, and published again.
    await this.rows.updateMany({ _id: { $in: [...ids] }, status: 'pending' }, { $set: { status: 'sent' }, $currentDate: { sentAt: true } });
  }

  onInsert(callback: () => void): Promise<() => Promise<void>> {
    let stream: ChangeStream | undefined;
    let timer: NodeJS.Timeout | undefined;
    let closed = false;
    const open = (): void => {
      stream = this.rows.watch([{ $match: { operationType: 'insert' } }, { $project: { documentKey: 1 } }]);
      // The relay is often faster than the stream, by a nudge of its own process: it need not look again for that.
      stream.on('change', (change) => {
        if (!('documentKey' in change && this.claimed.has(String(change.documentKey._id)))) callback();
      });
      stream.on('error', (error) => {
        if (closed) return;
        this.logger.warn(`change stream ended, polling until it is back: ${error.message}`);
        void stream?.close().catch(() => undefined);
        timer = setTimeout(open, reopenAfterMs);
        // Something may have been inserted in the gap.
        callback();
      });
    };
    open();
    return Promise.resolve(async () => {
      closed = true;
      clearTimeout(timer);
      await stream?.close().catch(() => undefined);
    });
  }

  private remember(rows: readonly Pick<OutboxRow, '_id'>[]): void {
    for (const { _id } of rows) this.claimed.add(_id);
    for (const id of this.claimed) {
      if (this.claimed.size <= remembered) break;
      this.claimed.delete(id);
    }
  }

  private get rows(): Collection<OutboxRow> {
    return this.connection.getClient().db().collection<OutboxRow>(outboxCollection);
  }
}
