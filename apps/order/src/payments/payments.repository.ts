import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { assertSameIntent, type Intent } from '@shopfleet/idempotency';
import { Gathered } from '@shopfleet/mongo';
import type { ClientSession, Collection } from 'mongodb';
import type { Connection } from 'mongoose';
import type { Payment, PaymentStatus } from './payment.ts';

type PaymentDocument = Omit<Payment, 'id'> & {
  readonly _id: string;
  /** Minor units that have gone back or are on their way back; never more than the amount. */
  readonly promised: number;
  /** When somebody has to look after it; absent once it has come to its end. */
  readonly dueAt?: Date;
};

/** What becomes of a payment that stands at `from`. */
export interface PaymentSettlement {
  readonly id: string;
  readonly from: PaymentStatus;
  readonly outcome: Pick<Payment, 'status' | 'providerPaymentId' | 'reason'>;
}

// By then whoever asked the provider has its answer (3 s at most) or is dead.
const patienceMs = 10_000;

// Mostly a provider that tells what is known already: it waits some seconds for its answer.
const webhookCompanyMs = 250;

const toPayment = ({ _id, orderId, amount, token, status, providerPaymentId, reason, effectKey, effectFingerprint, createdAt, updatedAt }: PaymentDocument): Payment => ({
  id: _id,
  orderId,
  amount,
  token,
  status,
  providerPaymentId,
  reason,
  effectKey,
  effectFingerprint,
  createdAt,
  updatedAt,
});

@Injectable()
export class PaymentsRepository {
  private readonly payments: Collection<PaymentDocument>;
  private readonly look = new Gathered(async (ids: readonly string[]): Promise<(Payment | undefined)[]> => {
    const found = await this.findByIds(ids);
    return ids.map((id) => found.get(id));
  }, { lingerMs: webhookCompanyMs });

  constructor(@InjectConnection() connection: Connection) {
    this.payments = connection.getClient().db().collection<PaymentDocument>('payments', { ignoreUndefined: true });
  }

  /** The unique index on the order keeps out a second payment beside one that is pending or captured. */
  async insertAll(payments: readonly Payment[], session: ClientSession): Promise<void> {
    const documents = payments.map(({ id, ...payment }): PaymentDocument => ({ _id: id, ...payment, promised: 0 }));
    await this.payments.insertMany(documents, { session, ignoreUndefined: true });
  }

  /** Somebody has to look after these if they are not settled soon. Records those that their order was placed without, by an earlier version. */
  async expectAnswers(payments: readonly Payment[], at: Date, session: ClientSession): Promise<void> {
    if (payments.length === 0) return;
    const operations = payments.map(({ id, ...payment }) => ({
      updateOne: { filter: { _id: id }, update: { $set: { dueAt: new Date(at.getTime() + patienceMs) }, $setOnInsert: { ...payment, promised: 0 } }, upsert: true },
    }));
    await this.payments.bulkWrite(operations, { session, ignoreUndefined: true });
  }

  /** The order has ended before its payment was to be begun. Should it have been begun all the same, what was captured is found later and goes back. */
  async close(orderId: string, reason: string, session: ClientSession): Promise<void> {
    await this.payments.updateOne({ orderId, status: 'pending', dueAt: { $exists: false } }, { $set: { status: 'declined', reason, updatedAt: new Date() } }, { session });
  }

  async findById(id: string): Promise<Payment | undefined> {
    return this.look.run(id);
  }

  async findByIds(ids: readonly string[]): Promise<ReadonlyMap<string, Payment & { readonly promised: number }>> {
    const documents = await this.payments.find({ _id: { $in: [...ids] } }).toArray();
    return new Map(documents.map((document) => [document._id, { ...toPayment(document), promised: document.promised }]));
  }

  /** The payment of an order that is pending or captured; there is at most one. */
  async findOpenByOrder(orderId: string, session?: ClientSession): Promise<Payment | undefined> {
    const document = await this.payments.findOne({ orderId, status: { $in: ['pending', 'captured'] } }, session ? { session } : {});
    return document ? toPayment(document) : undefined;
  }

  /**
   * The payment that an intent has led to already.
   * @throws AppError `idempotency-mismatch` when that request asked for something else
   */
  async findByIntent(intent: Intent): Promise<Payment | undefined> {
    const document = await this.payments.findOne({ effectKey: intent.key });
    if (!document) return undefined;
    assertSameIntent(intent, document.effectFingerprint);
    return toPayment(document);
  }

  /** Moves payments on; false when one of them was not in its status any more: the others may have moved, so roll back. */
  async settleAll(settlements: readonly PaymentSettlement[], at: Date, session: ClientSession): Promise<boolean> {
    const operations = settlements.map(({ id, from, outcome }) => ({
      updateOne: { filter: { _id: id, status: from }, update: { $set: { ...outcome, updatedAt: at }, $unset: { dueAt: true as const } } },
    }));
    return (await this.payments.bulkWrite(operations, { session, ignoreUndefined: true })).matchedCount === settlements.length;
  }

  /** Sets an amount aside for a refund; false when less than that is left of what was captured. */
  async promiseRefund(id: string, amount: number, session: ClientSession): Promise<boolean> {
    const { matchedCount } = await this.payments.updateOne(
      { _id: id, status: { $in: ['captured', 'late'] }, $expr: { $lte: [{ $add: [{ $ifNull: ['$promised', 0] }, amount] }, '$amount.amount'] } },
      { $inc: { promised: amount } },
      { session },
    );
    return matchedCount === 1;
  }

  /** A refund that was set aside will not be made. */
  async withdrawRefund(id: string, amount: number, session: ClientSession): Promise<void> {
    await this.payments.updateOne({ _id: id }, { $inc: { promised: -amount } }, { session });
  }

  /** What may still go back of a payment, in minor units. */
  async refundable(id: string, session?: ClientSession): Promise<number> {
    const document = await this.payments.findOne({ _id: id, status: { $in: ['captured', 'late'] } }, session ? { session } : {});
    return document ? document.amount.amount - (document.promised ?? 0) : 0;
  }

  /** Takes one payment that nobody has looked after in time; others leave it alone for the next ten seconds. */
  async takeOverdue(now: Date): Promise<Payment | undefined> {
    const document = await this.payments.findOneAndUpdate(
      { dueAt: { $lte: now } },
      { $set: { dueAt: new Date(now.getTime() + patienceMs) } },
      { sort: { dueAt: 1 } },
    );
    return document ? toPayment(document) : undefined;
  }
}
