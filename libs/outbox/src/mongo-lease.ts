import { isDuplicateKey } from '@shopfleet/mongo';
import type { Collection } from 'mongodb';
import type { Connection } from 'mongoose';
import type { LeaderLease } from './outbox-source.ts';
import { leaseCollection } from './outbox.indexes.ts';

interface LeaseRow {
  readonly _id: string;
  readonly owner: string;
  readonly expiresAt: Date;
}

/** A lease as one document, judged by the database server's clock. */
export class MongoLease implements LeaderLease {
  constructor(
    private readonly connection: Connection,
    private readonly name: string,
  ) {}

  async acquire(owner: string, ttlMs: number): Promise<boolean> {
    const free = { $or: [{ $eq: ['$owner', { $literal: owner }] }, { $lte: [{ $ifNull: ['$expiresAt', new Date(0)] }, '$$NOW'] }] };
    const until = { $dateAdd: { startDate: '$$NOW', unit: 'millisecond', amount: ttlMs } };
    try {
      // Both fields are computed from the document as it was; while another holds the lease nothing is written.
      const row = await this.rows.findOneAndUpdate(
        { _id: this.name },
        [{ $set: { owner: { $cond: [free, { $literal: owner }, '$owner'] }, expiresAt: { $cond: [free, until, '$expiresAt'] } } }],
        { upsert: true, returnDocument: 'after' },
      );
      return row?.owner === owner;
    } catch (error) {
      // Two processes made the document at once; the other one was first.
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async release(owner: string): Promise<void> {
    await this.rows.updateOne({ _id: this.name, owner }, [{ $set: { expiresAt: '$$NOW' } }]);
  }

  private get rows(): Collection<LeaseRow> {
    return this.connection.getClient().db().collection<LeaseRow>(leaseCollection);
  }
}
