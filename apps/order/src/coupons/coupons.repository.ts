import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { CouponRow } from '@shopfleet/contracts';
import type { ClientSession, Collection } from 'mongodb';
import type { Connection } from 'mongoose';
import type { CouponCustomerDocument, CouponUseDocument } from './coupon.document.ts';

export type CouponRules = Pick<CouponRow, 'benefit' | 'minimum' | 'startsAt' | 'endsAt' | 'usesInAll' | 'usesPerCustomer' | 'active'>;

/** Coupons and their uses. Counters change by one conditional update, never by a read and a write. */
@Injectable()
export class CouponsRepository {
  private readonly coupons: Collection<CouponRow>;
  private readonly uses: Collection<CouponUseDocument>;
  private readonly customers: Collection<CouponCustomerDocument>;

  constructor(@InjectConnection() connection: Connection) {
    const db = connection.getClient().db();
    this.coupons = db.collection<CouponRow>('coupons', { ignoreUndefined: true });
    this.uses = db.collection<CouponUseDocument>('coupon_uses');
    this.customers = db.collection<CouponCustomerDocument>('coupon_customers');
  }

  async find(code: string, session?: ClientSession): Promise<CouponRow | null> {
    return this.coupons.findOne({ _id: code }, session ? { session } : {});
  }

  /** In the order of their codes, after `after`. */
  async findPage(after: string | undefined, limit: number): Promise<CouponRow[]> {
    return this.coupons.find(after === undefined ? {} : { _id: { $gt: after } }).sort({ _id: 1 }).limit(limit).toArray();
  }

  async countUses(code: string): Promise<number> {
    return this.uses.countDocuments({ code, state: 'taken' });
  }

  async insert(coupon: CouponRow, session: ClientSession): Promise<void> {
    await this.coupons.insertOne(coupon, { session });
  }

  /** Null when the rules are not at this revision any more. */
  async changeRules(code: string, revision: number, set: Partial<CouponRules>, unset: readonly (keyof CouponRules)[], session: ClientSession): Promise<CouponRow | null> {
    return this.coupons.findOneAndUpdate(
      { _id: code, revision },
      {
        $set: { ...set, updatedAt: new Date() },
        ...(unset.length > 0 && { $unset: Object.fromEntries(unset.map((name) => [name, true as const])) }),
        $inc: { revision: 1, sequence: 1 },
      },
      { session, returnDocument: 'after' },
    );
  }

  /** Counts a use of a coupon that is limited in all; null when there is none left. */
  async countOne(code: string, session: ClientSession): Promise<CouponRow | null> {
    return this.coupons.findOneAndUpdate(
      { _id: code, $expr: { $lt: ['$used', '$usesInAll'] } },
      { $inc: { used: 1, sequence: 1 } },
      { session, returnDocument: 'after' },
    );
  }

  /** Uncounts one; null for a coupon that is not limited in all. */
  async uncountOne(code: string, session: ClientSession): Promise<CouponRow | null> {
    return this.coupons.findOneAndUpdate(
      { _id: code, usesInAll: { $exists: true }, used: { $gt: 0 } },
      { $inc: { used: -1, sequence: 1 } },
      { session, returnDocument: 'after' },
    );
  }

  async usesOf(customer: string, session: ClientSession): Promise<number> {
    return (await this.customers.findOne({ _id: customer }, { session }))?.used ?? 0;
  }

  async changeUsesOf(customer: string, difference: 1 | -1, session: ClientSession): Promise<void> {
    await this.customers.updateOne({ _id: customer }, { $inc: { used: difference } }, { session, upsert: difference > 0 });
  }

  async insertUse(use: CouponUseDocument, session: ClientSession): Promise<void> {
    await this.uses.insertOne(use, { session });
  }

  /** Takes up a use that was given back; null when there is none. */
  async renewUse(orderId: string, session: ClientSession): Promise<CouponUseDocument | null> {
    return this.uses.findOneAndUpdate({ _id: orderId, state: 'given-back' }, { $set: { state: 'taken', at: new Date() }, $unset: { endedAt: true } }, { session });
  }

  /** Ends an order's use; null when it had none, or it was given back before. */
  async endUse(orderId: string, session: ClientSession): Promise<CouponUseDocument | null> {
    return this.uses.findOneAndUpdate({ _id: orderId, state: 'taken' }, { $set: { state: 'given-back', endedAt: new Date() } }, { session });
  }
}
