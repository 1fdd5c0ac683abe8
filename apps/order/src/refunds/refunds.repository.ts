import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { assertSameIntent, type Intent } from '@shopfleet/idempotency';
import type { ClientSession, Collection } from 'mongodb';
import type { Connection } from 'mongoose';
import type { Refund } from './refund.ts';

type RefundDocument = Omit<Refund, 'id'> & {
  readonly _id: string;
  /** The request of a manager that asked for it. */
  readonly effectKey?: string | undefined;
  readonly effectFingerprint?: string | undefined;
  readonly providerRefundId?: string;
  readonly dueAt?: Date;
  readonly updatedAt: Date;
};

const patienceMs = 10_000;

const toRefund = ({ _id, orderId, paymentId, providerPaymentId, amount, reason, returnId, late = false, status, createdAt }: RefundDocument): Refund => ({
  id: _id,
  orderId,
  paymentId,
  providerPaymentId,
  amount,
  reason,
  returnId,
  late,
  status,
  createdAt,
});

@Injectable()
export class RefundsRepository {
  private readonly refunds: Collection<RefundDocument>;

  constructor(@InjectConnection() connection: Connection) {
    this.refunds = connection.getClient().db().collection<RefundDocument>('refunds', { ignoreUndefined: true });
  }

  async insert({ id, ...refund }: Refund, intent: Intent | undefined, session: ClientSession): Promise<void> {
    const dueAt = new Date(refund.createdAt.getTime() + patienceMs);
    await this.refunds.insertOne({ _id: id, ...refund, effectKey: intent?.key, effectFingerprint: intent?.fingerprint, dueAt, updatedAt: refund.createdAt }, { session });
  }

  async findById(id: string): Promise<Refund | undefined> {
    const document = await this.refunds.findOne({ _id: id });
    return document ? toRefund(document) : undefined;
  }

  /**
   * The refund that an intent has led to already.
   * @throws AppError `idempotency-mismatch` when that request asked for something else
   */
  async findByIntent(intent: Intent): Promise<Refund | undefined> {
    const document = await this.refunds.findOne({ effectKey: intent.key });
    if (!document) return undefined;
    assertSameIntent(intent, document.effectFingerprint);
    return toRefund(document);
  }

  /** Ends a refund that is due; false when it has ended before. */
  async end(id: string, status: 'done' | 'refused', providerRefundId: string | undefined, at: Date, session: ClientSession): Promise<boolean> {
    const { matchedCount } = await this.refunds.updateOne(
      { _id: id, status: 'due' },
      { $set: { status, updatedAt: at, ...(providerRefundId !== undefined && { providerRefundId }) }, $unset: { dueAt: true } },
      { session },
    );
    return matchedCount === 1;
  }

  /** Takes one refund that nobody has brought to its end in time. */
  async takeOverdue(now: Date): Promise<Refund | undefined> {
    const document = await this.refunds.findOneAndUpdate({ dueAt: { $lte: now } }, { $set: { dueAt: new Date(now.getTime() + patienceMs) } }, { sort: { dueAt: 1 } });
    return document ? toRefund(document) : undefined;
  }
}
