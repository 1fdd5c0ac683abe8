import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { ClientSession, Collection } from 'mongodb';
import type { Connection } from 'mongoose';
import type { Payment, PaymentStatus } from './payment.ts';

type PaymentDocument = Omit<Payment, 'id'> & {
  readonly _id: string;
  /** When somebody has to look after it; absent once it has come to its end. */
  readonly dueAt?: Date;
};

// By then whoever asked the provider has its answer (3 s at most) or is dead.
const patienceMs = 10_000;

const toPayment = ({ _id, orderId, amount, token, status, providerPaymentId, reason, createdAt, updatedAt }: PaymentDocument): Payment => ({
  id: _id,
  orderId,
  amount,
  token,
  status,
  providerPaymentId,
  reason,
  createdAt,
  updatedAt,
});

@Injectable()
export class PaymentsRepository {
  private readonly payments: Collection<PaymentDocument>;

  constructor(@InjectConnection() connection: Connection) {
    this.payments = connection.getClient().db().collection<PaymentDocument>('payments', { ignoreUndefined: true });
  }

  /** The unique index on the order keeps a second payment out. */
  async insert({ id, ...payment }: Payment, session: ClientSession): Promise<void> {
    await this.payments.insertOne({ _id: id, ...payment, dueAt: new Date(payment.createdAt.getTime() + patienceMs) }, { session });
  }

  async findByOrder(orderId: string, session?: ClientSession): Promise<Payment | undefined> {
    const document = await this.payments.findOne({ orderId }, session ? { session } : {});
    return document ? toPayment(document) : undefined;
  }

  /** Moves a payment on; false when it was not in the status `from` any more. */
  async settle(id: string, from: PaymentStatus, outcome: Pick<Payment, 'status' | 'providerPaymentId' | 'reason'>, at: Date, session: ClientSession): Promise<boolean> {
    const $set = { ...outcome, updatedAt: at };
    const ended = outcome.status !== 'pending' && outcome.status !== 'refund_due';
    const { matchedCount } = await this.payments.updateOne(
      { _id: id, status: from },
      ended ? { $set, $unset: { dueAt: true } } : { $set: { ...$set, dueAt: new Date(at.getTime() + patienceMs) } },
      { session },
    );
    return matchedCount === 1;
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
