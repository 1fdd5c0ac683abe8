import { Injectable } from '@nestjs/common';
import { Transactions } from '@shopfleet/mongo';
import { Collections } from '../collections.ts';

const BATCH = 200;

/** Adds up which products are bought together, from the baskets of paid orders. Each basket counts once, whatever dies. */
@Injectable()
export class PairCounter {
  constructor(
    private readonly collections: Collections,
    private readonly transactions: Transactions,
  ) {}

  /** Counts every basket that was not yet; resolves with how many. */
  async count(): Promise<number> {
    for (let counted = 0; ; ) {
      const done = await this.countBatch();
      counted += done;
      if (done < BATCH) return counted;
    }
  }

  private async countBatch(): Promise<number> {
    return this.transactions.run(async (session) => {
      const baskets = await this.collections.baskets.find({ counted: false }, { session }).hint('uncounted').limit(BATCH).toArray();
      if (baskets.length === 0) return 0;
      const counts = new Map<string, { a: string; b: string; count: number }>();
      for (const { productIds } of baskets) {
        for (const a of productIds) {
          for (const b of productIds) {
            if (a === b) continue;
            const pair = counts.get(`${a}:${b}`) ?? { a, b, count: 0 };
            counts.set(`${a}:${b}`, { ...pair, count: pair.count + 1 });
          }
        }
      }
      const increments = [...counts].map(([_id, { a, b, count }]) => ({ updateOne: { filter: { _id }, update: { $inc: { count }, $setOnInsert: { a, b } }, upsert: true } }));
      if (increments.length > 0) await this.collections.pairs.bulkWrite(increments, { session, ordered: false });
      await this.collections.baskets.updateMany({ _id: { $in: baskets.map(({ _id }) => _id) } }, { $set: { counted: true } }, { session });
      return baskets.length;
    });
  }
}
