import { Injectable, Logger } from '@nestjs/common';
import { createEvent, paymentRefunded, type EventOf, type stockRejected, type stockReserved } from '@shopfleet/contracts';
import { Transactions } from '@shopfleet/mongo';
import { Inbox, Outbox } from '@shopfleet/outbox';
import type { ClientSession } from 'mongodb';
import type { CouponDocument } from '../coupons/coupon.document.ts';
import {
  awaitsStock,
  cancelOrder,
  confirmPayment,
  declinePayment,
  endedWithoutPayment,
  expireOrder,
  holdStock,
  refuseLateHold,
  rejectForStock,
  type Decision,
  type Order,
} from '../orders/domain/order.ts';
import { OrderRecorder } from '../orders/order-recorder.ts';
import { OrderChangedMeanwhile, OrdersRepository } from '../orders/orders.repository.ts';
import { PaymentProvider, PaymentUnknown, type PaymentOutcome } from '../payments/payment-provider.ts';
import { requestPayment, type Payment } from '../payments/payment.ts';
import { PaymentsRepository } from '../payments/payments.repository.ts';
import { Outcomes } from './outcomes.ts';

const consumer = 'checkout';
// A payment that would be asked for so shortly before the hold's end might be answered after it.
const lastMomentMs = 10_000;

/** An order that waits for its payment. */
export interface PaymentDue {
  readonly order: Order;
  readonly payment: Payment;
}

/**
 * The checkout, step by step. Each step is one transaction of the order's next state and its events, decides by the
 * state it finds, and may be repeated by a redelivery, a retry of the shopper or the sweeper.
 *
 * | step    | begins with        | ends with                          | undone by                               |
 * |---------|--------------------|------------------------------------|-----------------------------------------|
 * | place   | the shopper's POST | order.placed                       | reject (out of stock), cancel           |
 * | hold    | stock.reserved     | awaiting payment, a payment row    | cancel, expire: product releases        |
 * | pay     | the payment row    | the provider's answer              | refund, when the order has ended by then |
 * | confirm | money captured     | order.paid                         | cancel (before shipping), then refund   |
 */
@Injectable()
export class CheckoutSaga {
  private readonly logger = new Logger(CheckoutSaga.name);

  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly outbox: Outbox,
    private readonly orders: OrdersRepository,
    private readonly recorder: OrderRecorder,
    private readonly payments: PaymentsRepository,
    private readonly provider: PaymentProvider,
    private readonly outcomes: Outcomes,
  ) {}

  /** Step 1: the order, its event, and the use of its coupon. */
  async place(decision: Decision, effectKey: string, coupon?: CouponDocument): Promise<void> {
    await this.transactions.run((session) => this.recorder.recordNew(decision, effectKey, coupon, session));
  }

  /** Step 2: the stock is held. Resolves with the payment that is due now, if one is. */
  async hold(event: EventOf<typeof stockReserved>): Promise<PaymentDue | undefined> {
    let due: PaymentDue | undefined;
    await this.inbox.once(consumer, event, async (session) => {
      due = undefined;
      const order = await this.orders.findById(event.data.orderId, session);
      if (!order) return this.reportUnknown(event.data.orderId, event.type);
      const now = new Date();
      if (awaitsStock(order)) {
        const decision = holdStock(order, new Date(event.data.expiresAt), now);
        await this.recorder.record(order, decision, session, event);
        const payment = requestPayment(order.id, order.totals.total, order.paymentToken, now);
        await this.payments.insert(payment, session);
        due = { order: decision.order, payment };
      } else if (endedWithoutPayment(order)) {
        await this.recorder.record(order, refuseLateHold(order), session, event);
      }
    });
    return due;
  }

  /** Step 2 failed: there was not enough stock. */
  async reject(event: EventOf<typeof stockRejected>): Promise<void> {
    let rejected: Order | undefined;
    await this.inbox.once(consumer, event, async (session) => {
      rejected = undefined;
      const order = await this.orders.findById(event.data.orderId, session);
      if (!order) return this.reportUnknown(event.data.orderId, event.type);
      if (!awaitsStock(order)) return;
      const decision = rejectForStock(order, event.data.shortages, new Date());
      await this.recorder.record(order, decision, session, event);
      rejected = decision.order;
    });
    if (rejected) this.outcomes.announce(rejected);
  }

  /**
   * Steps 3 and 4: asks the provider and records what follows.
   * @throws PaymentUnknown when the provider gives no answer: `resume` later
   */
  async pay({ order, payment }: PaymentDue): Promise<void> {
    const timeIsUp = order.holdExpiresAt !== undefined && order.holdExpiresAt.getTime() - Date.now() < lastMomentMs;
    // Once the time is up no payment is begun; one that was begun before may have been captured, though.
    const outcome = timeIsUp ? await this.provider.find(order.id) : await this.ask(order, payment);
    if (outcome === undefined) await this.expire(order);
    else await this.settle(order, payment, outcome);
  }

  /**
   * Steps 3 and 4, from wherever the payment stands. Harmless when there is nothing to do.
   * @throws PaymentUnknown when the provider gives no answer: call it again later
   */
  async resume(orderId: string): Promise<void> {
    const payment = await this.payments.findByOrder(orderId);
    const order = payment && (await this.orders.findById(orderId));
    if (!order) return;
    if (payment.status === 'pending') {
      if (order.status === 'awaiting_payment') await this.pay({ order, payment });
      else await this.mendUnclaimed(order, payment);
    } else if (payment.status === 'refund_due') {
      await this.refund(order, payment);
    }
  }

  /** Called off by the customer or the staff; money that was taken goes back. */
  async cancel(order: Order, by: string, reason: string): Promise<Order> {
    const now = new Date();
    const decision = cancelOrder(order, by, reason, now);
    const refundDue = await this.transactions.run(async (session) => {
      await this.recorder.record(order, decision, session);
      const payment = await this.payments.findByOrder(order.id, session);
      if (payment?.status !== 'captured') return false;
      const { providerPaymentId } = payment;
      return this.payments.settle(payment.id, 'captured', { status: 'refund_due', providerPaymentId, reason }, now, session);
    });
    this.outcomes.announce(decision.order);
    if (refundDue) void this.resume(order.id).catch((error: unknown) => this.logger.warn(`the refund of ${order.number} is left to the sweeper: ${String(error)}`));
    return decision.order;
  }

  private async ask(order: Order, payment: Payment): Promise<PaymentOutcome> {
    const request = { paymentId: payment.id, reference: order.id, amount: payment.amount, token: payment.token };
    try {
      return await this.provider.pay(request);
    } catch (error) {
      if (!(error instanceof PaymentUnknown)) throw error;
      // The answer may be what was lost, not the payment.
      const found = await this.provider.find(order.id);
      if (found === undefined) throw error;
      return found;
    }
  }

  /** Step 4: the provider's answer is recorded together with what follows from it. */
  private async settle(order: Order, payment: Payment, outcome: PaymentOutcome): Promise<void> {
    const now = new Date();
    const decision =
      outcome.status === 'captured' ? confirmPayment(order, payment.id, now) : declinePayment(order, payment.id, outcome.reason, now);
    try {
      const settled = await this.transactions.run(async (session) => {
        if (!(await this.payments.settle(payment.id, 'pending', resultOf(outcome), now, session))) return false;
        await this.recorder.record(order, decision, session);
        return true;
      });
      if (settled) this.outcomes.announce(decision.order);
    } catch (error) {
      if (!(error instanceof OrderChangedMeanwhile)) throw error;
      await this.mendUnclaimed(order, payment);
    }
  }

  private async expire(order: Order): Promise<void> {
    const decision = expireOrder(order, new Date());
    await this.transactions.run((session) => this.recorder.record(order, decision, session));
    this.outcomes.announce(decision.order);
  }

  /** The order has ended without its payment: what the provider took all the same is to go back. */
  private async mendUnclaimed(order: Order, payment: Payment): Promise<void> {
    const outcome = await this.provider.find(order.id);
    if (outcome === undefined && Date.now() - payment.createdAt.getTime() < 60_000) return;
    const captured = outcome?.status === 'captured';
    const result = captured
      ? { status: 'refund_due' as const, providerPaymentId: outcome.providerPaymentId, reason: order.reason }
      : { status: 'declined' as const, providerPaymentId: outcome?.providerPaymentId, reason: 'never-captured' };
    const moved = await this.transactions.run((session: ClientSession) => this.payments.settle(payment.id, 'pending', result, new Date(), session));
    if (moved && captured) await this.refund(order, { ...payment, ...result });
  }

  private async refund(order: Order, payment: Payment): Promise<void> {
    if (payment.providerPaymentId === undefined) return;
    const refundId = await this.provider.refund(payment.id, payment.providerPaymentId, payment.amount);
    const reason = order.reason ?? 'order-cancelled';
    await this.transactions.run(async (session) => {
      const { providerPaymentId } = payment;
      if (!(await this.payments.settle(payment.id, 'refund_due', { status: 'refunded', providerPaymentId, reason }, new Date(), session))) return;
      const data = { orderId: order.id, paymentId: payment.id, refundId, amount: payment.amount, reason };
      await this.outbox.append(session, [createEvent(paymentRefunded, { source: 'order', subject: order.id, data })]);
    });
  }

  private reportUnknown(orderId: string, type: string): void {
    this.logger.warn(`${type} is about order ${orderId}, which is not known here; ignored`);
  }
}

function resultOf(outcome: PaymentOutcome): Pick<Payment, 'status' | 'providerPaymentId' | 'reason'> {
  const { status, providerPaymentId } = outcome;
  return { status, providerPaymentId, reason: outcome.status === 'declined' ? outcome.reason : undefined };
}
