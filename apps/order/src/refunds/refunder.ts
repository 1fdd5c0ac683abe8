import { Injectable, Logger } from '@nestjs/common';
import type { Intent } from '@shopfleet/idempotency';
import { AppError, money, newId } from '@shopfleet/kernel';
import { Transactions } from '@shopfleet/mongo';
import type { ClientSession } from 'mongodb';
import { noteRefund } from '../orders/domain/returns.ts';
import { OrderRecorder } from '../orders/order-recorder.ts';
import { OrdersRepository } from '../orders/orders.repository.ts';
import { PaymentProvider, RefundRefused } from '../payments/payment-provider.ts';
import type { Payment } from '../payments/payment.ts';
import { PaymentsRepository } from '../payments/payments.repository.ts';
import type { Refund } from './refund.ts';
import { RefundsRepository } from './refunds.repository.ts';

export interface RefundWish {
  /** Minor units; absent: all that is left. */
  readonly amount?: number | undefined;
  readonly reason: string;
  readonly returnId?: string | undefined;
  readonly intent?: Intent | undefined;
}

/**
 * Gives money back in two steps: it is promised in a transaction with what led to it, and a payment never promises more
 * than it captured; then the provider is asked under the refund's id, as often as it takes.
 */
@Injectable()
export class Refunder {
  private readonly logger = new Logger(Refunder.name);

  constructor(
    private readonly transactions: Transactions,
    private readonly orders: OrdersRepository,
    private readonly recorder: OrderRecorder,
    private readonly payments: PaymentsRepository,
    private readonly refunds: RefundsRepository,
    private readonly provider: PaymentProvider,
  ) {}

  /**
   * Step 1, in the caller's transaction. Undefined when all that was left is nothing.
   * @throws AppError `conflict` when the payment has not so much left
   */
  async promise(payment: Payment, { amount, reason, returnId, intent }: RefundWish, session: ClientSession): Promise<Refund | undefined> {
    const { providerPaymentId } = payment;
    const wanted = amount ?? (await this.payments.refundable(payment.id, session));
    if (wanted === 0 || providerPaymentId === undefined) return undefined;
    if (!(await this.payments.promiseRefund(payment.id, wanted, session))) {
      const left = await this.payments.refundable(payment.id, session);
      throw new AppError('conflict', {
        detail: `Of this payment ${left} (minor units of ${payment.amount.currency}) can still go back, ${wanted} were asked for. Ask for less.`,
        extensions: { refundable: money(left, payment.amount.currency) },
      });
    }
    const refund: Refund = {
      id: newId('ref'),
      orderId: payment.orderId,
      paymentId: payment.id,
      providerPaymentId,
      amount: money(wanted, payment.amount.currency),
      reason,
      returnId,
      late: payment.status === 'late',
      status: 'due',
      createdAt: new Date(),
    };
    await this.refunds.insert(refund, intent, session);
    return refund;
  }

  /**
   * Step 2. Harmless when it has been done.
   * @throws PaymentUnknown when the provider gives no answer: the sweeper comes by again
   */
  async settle(refund: Refund): Promise<void> {
    const providerRefundId = await this.ask(refund);
    const now = new Date();
    await this.transactions.run(async (session) => {
      const made = providerRefundId !== undefined;
      if (!(await this.refunds.end(refund.id, made ? 'done' : 'refused', providerRefundId, now, session))) return;
      if (!made) return this.payments.withdrawRefund(refund.paymentId, refund.amount.amount, session);
      const order = await this.orders.findById(refund.orderId, session);
      if (order) await this.recorder.record(order, noteRefund(order, refund, now), session);
    });
  }

  /** Step 2 beside the caller, who does not wait. */
  begin(refund: Refund): void {
    this.settle(refund).catch((error: unknown) => this.logger.warn(`refund ${refund.id} is left to the sweeper: ${String(error)}`));
  }

  private async ask({ id, providerPaymentId, amount }: Refund): Promise<string | undefined> {
    try {
      return await this.provider.refund({ refundId: id, providerPaymentId, amount });
    } catch (error) {
      if (!(error instanceof RefundRefused)) throw error;
      this.logger.error(`refund ${id} was refused for good, a person has to look at it: ${error.message}`);
      return undefined;
    }
  }
}
