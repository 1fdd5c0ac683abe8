import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { Jobs, ordersPolicy } from '@shopfleet/jobs';
import type { Collection } from 'mongodb';
import type { Connection } from 'mongoose';
import { Settlements } from '../checkout/settlements.ts';
import { PaymentProvider, type ProviderRecord } from './payment-provider.ts';
import type { Payment } from './payment.ts';
import { PaymentsRepository } from './payments.repository.ts';

interface Mark {
  readonly _id: 'payments';
  readonly comparedUntil: Date;
}

/** What cannot be mended here: a person has to look at it. */
interface Discrepancy {
  readonly _id: string;
  readonly kind: 'unknown-payment' | 'amount-differs' | 'refund-differs';
  readonly provider: ProviderRecord;
  readonly at: Date;
}

// Read again each time: a payment may be in the making when its time is compared.
const overlapMs = 60_000;
// Younger ones may be on their way to the shop.
const youngMs = 2000;

/**
 * Compares the provider's books with the shop's every half minute, and mends what a lost answer, a lost webhook or a
 * dead worker left: a captured payment that the shop holds for pending is settled, one whose order has ended goes back.
 */
@Injectable()
export class Reconciler implements OnApplicationBootstrap {
  private readonly logger = new Logger(Reconciler.name);
  private readonly marks: Collection<Mark>;
  private readonly discrepancies: Collection<Discrepancy>;

  constructor(
    @InjectConnection() connection: Connection,
    private readonly provider: PaymentProvider,
    private readonly payments: PaymentsRepository,
    private readonly settlements: Settlements,
    private readonly jobs: Jobs,
    private readonly intervalMs: number,
  ) {
    const db = connection.getClient().db();
    this.marks = db.collection('reconciliations');
    this.discrepancies = db.collection('payment_discrepancies');
  }

  onApplicationBootstrap(): void {
    this.jobs.repeat('reconcile', ordersPolicy, this.intervalMs, async () => void (await this.reconcile()));
  }

  /** Resolves with how many payments were mended. */
  async reconcile(now = new Date()): Promise<number> {
    const mark = await this.marks.findOne({ _id: 'payments' });
    const from = new Date((mark?.comparedUntil.getTime() ?? now.getTime() - 24 * 3_600_000) - overlapMs);
    const to = new Date(now.getTime() - youngMs);
    let mended = 0;
    for await (const records of this.provider.listBetween(from, to)) {
      const known = await this.payments.findByIds(records.map(({ paymentId }) => paymentId));
      for (const record of records) if (await this.compare(record, known.get(record.paymentId))) mended += 1;
    }
    await this.marks.updateOne({ _id: 'payments' }, { $max: { comparedUntil: to } }, { upsert: true });
    if (mended > 0) this.logger.warn(`${mended} payments stood differently in the provider's books and were mended`);
    return mended;
  }

  private async compare(record: ProviderRecord, payment: (Payment & { readonly promised: number }) | undefined): Promise<boolean> {
    if (!payment) return this.note('unknown-payment', record);
    if (record.outcome.status === 'captured' && (record.amount.amount !== payment.amount.amount || record.amount.currency !== payment.amount.currency)) return this.note('amount-differs', record);
    const differs = payment.status === 'pending' || (payment.status === 'declined' && record.outcome.status === 'captured');
    if (differs) return this.settlements.learn(payment.id, record.outcome);
    // Refunds that are due here are made by their own sweeper; more than was promised nobody here has ordered.
    return record.refunded > payment.promised ? this.note('refund-differs', record) : false;
  }

  private async note(kind: Discrepancy['kind'], provider: ProviderRecord): Promise<false> {
    const _id = `${kind}:${provider.paymentId}`;
    const { upsertedCount } = await this.discrepancies.updateOne({ _id }, { $setOnInsert: { kind, provider, at: new Date() } }, { upsert: true });
    if (upsertedCount > 0) this.logger.error(`${kind}: payment ${provider.paymentId} of order ${provider.reference} at the provider; a person has to look at it`);
    return false;
  }
}
