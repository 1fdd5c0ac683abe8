import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { Jobs, ordersPolicy } from '@shopfleet/jobs';
import { Transactions } from '@shopfleet/mongo';
import type { Collection } from 'mongodb';
import type { Connection } from 'mongoose';
import { toOrder, type OrderDocument } from '../orders/order.document.ts';
import { contributionOf, differenceOf, salesFields, type Contribution, type Sales } from './sales.ts';

/** Collection `sales_days`: one row per day (UTC) and currency. */
export type SalesRow = Sales & { readonly _id: string };

type CountedOrder = OrderDocument & { readonly counted?: Contribution };

const batch = 500;

/**
 * Keeps the statistics by rows of days. An order that changes after it was paid is marked in the same update; this job
 * takes marked orders by the hundred and adds the difference to what they were counted as before, in one transaction.
 * So each change counts once, nobody waits for a row that all orders share, and reading never scans orders.
 */
@Injectable()
export class SalesRollUp implements OnApplicationBootstrap {
  private readonly orders: Collection<CountedOrder>;
  private readonly days: Collection<SalesRow>;

  constructor(
    @InjectConnection() connection: Connection,
    private readonly transactions: Transactions,
    private readonly jobs: Jobs,
    private readonly intervalMs: number,
  ) {
    const db = connection.getClient().db();
    this.orders = db.collection('orders');
    this.days = db.collection('sales_days');
  }

  onApplicationBootstrap(): void {
    this.jobs.repeat('sales', ordersPolicy, this.intervalMs, () => this.rollUp());
  }

  /** Counts all that is marked. */
  async rollUp(): Promise<void> {
    while ((await this.countBatch()) === batch);
  }

  /** The rows of these days, from and to included. */
  async read(from: string, to: string): Promise<SalesRow[]> {
    return this.days.find({ _id: { $gte: `${from}:`, $lt: `${to};` } }).sort({ _id: 1 }).toArray();
  }

  private async countBatch(): Promise<number> {
    return this.transactions.run(async (session) => {
      const found = await this.orders.find({ uncounted: true }, { session }).hint('uncounted').limit(batch).toArray();
      if (found.length === 0) return 0;
      const rows = new Map<string, Record<string, number>>();
      const marks = found.flatMap((document) => {
        const now = contributionOf(toOrder(document));
        if (!now) return [];
        const sums = rows.get(now.row) ?? {};
        const difference = differenceOf(document.counted, now);
        for (const field of salesFields) sums[field] = (sums[field] ?? 0) + difference[field];
        rows.set(now.row, sums);
        return [{ updateOne: { filter: { _id: document._id }, update: { $set: { counted: now }, $unset: { uncounted: true as const } } } }];
      });
      await this.orders.bulkWrite(marks, { session, ordered: false });
      await this.days.bulkWrite([...rows].map(([_id, $inc]) => ({ updateOne: { filter: { _id }, update: { $inc }, upsert: true } })), { session, ordered: false });
      return found.length;
    });
  }
}
