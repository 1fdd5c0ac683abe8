import { Injectable, Logger } from '@nestjs/common';
import type { EventOf, stockRejected, stockReserved } from '@shopfleet/contracts';
import { Transactions } from '@shopfleet/mongo';
import { Inbox } from '@shopfleet/outbox';
import type { ClientSession } from 'mongodb';
import type { CouponDocument } from '../coupons/coupon.document.ts';
import {
  awaitsStock,
  cancelForStock,
  cancelOrder,
  confirmPayment,
  declinePayment,
  endedWithoutPayment,
  expireOrder,
  holdStock,
  mayBecome,
  payAgain,
  placeAgain,
  refuseLateHold,
  rejectForStock,
  wasPaid,
  type Decision,
  type Order,
} from '../orders/domain/order.ts';
import { OrderRecorder } from '../orders/order-recorder.ts';
import { OrderChangedMeanwhile, OrdersRepository, type Unanswered } from '../orders/orders.repository.ts';
import { PaymentProvider, PaymentUnknown, type PaymentOutcome } from '../payments/payment-provider.ts';
import { requestPayment, type Payment } from '../payments/payment.ts';
import { PaymentsRepository } from '../payments/payments.repository.ts';
import type { Refund } from '../refunds/refund.ts';
import { Refunder } from '../refunds/refunder.ts';
import { Outcomes } from './outcomes.ts';

const consumer = 'checkout';
// A payment that would be asked for so shortly before the hold's end might be answered after it.
const lastMomentMs = 10_000;
// How long a second attempt to pay may take.
const payAgainMs = 120_000;
const stockAnswerMs = 3_600_000;

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
    private readonly orders: OrdersRepository,
    private readonly recorder: OrderRecorder,
    private readonly payments: PaymentsRepository,
    private readonly provider: PaymentProvider,
    private readonly refunder: Refunder,
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

  /** Step 2 failed: there was not enough stock. For a paid order, whose hold had ended before, the money goes back. */
  async reject(event: EventOf<typeof stockRejected>): Promise<void> {
    let rejected: Order | undefined;
    let refund: Refund | undefined;
    await this.inbox.once(consumer, event, async (session) => {
      rejected = refund = undefined;
      const order = await this.orders.findById(event.data.orderId, session);
      if (!order) return this.reportUnknown(event.data.orderId, event.type);
      const { shortages } = event.data;
      const tooLate = wasPaid(order) && mayBecome(order, 'cancelled');
      if (!awaitsStock(order) && !tooLate) return;
      const decision = tooLate ? cancelForStock(order, shortages, new Date()) : rejectForStock(order, shortages, new Date());
      await this.recorder.record(order, decision, session, event);
      if (tooLate) refund = await this.promiseAll(order.id, 'out-of-stock', session);
      rejected = decision.order;
    });
    if (rejected) this.outcomes.announce(rejected);
    if (refund) this.refunder.begin(refund);
  }

  /**
   * Steps 3 and 4: asks the provider and records what follows.
   * @throws PaymentUnknown when the provider gives no answer: `resume` later
   */
  async pay({ order, payment }: PaymentDue): Promise<void> {
    const timeIsUp = order.holdExpiresAt !== undefined && order.holdExpiresAt.getTime() - Date.now() < lastMomentMs;
    // Once the time is up no payment is begun; one that was begun before may have been captured, though.
    const outcome = timeIsUp ? await this.provider.find({ paymentId: payment.id, reference: order.id }) : await this.ask(order, payment);
    if (outcome === undefined) await this.expire(order);
    else await this.settle(order, payment, outcome);
  }

  /**
   * Steps 3 and 4, from wherever the payment stands. Harmless when there is nothing to do.
   * @throws PaymentUnknown when the provider gives no answer: call it again later
   */
  async resume(orderId: string): Promise<void> {
    const payment = await this.payments.findOpenByOrder(orderId);
    const order = payment?.status === 'pending' ? await this.orders.findById(orderId) : undefined;
    if (!payment || !order) return;
    if (order.status === 'awaiting_payment') await this.pay({ order, payment });
    else await this.mendUnclaimed(order, payment);
  }

  /**
   * What the provider tells by itself, by webhook or in its books. Harmless when it is known; resolves false for a
   * payment that is not the shop's.
   */
  async learn(paymentId: string, outcome: PaymentOutcome): Promise<boolean> {
    const payment = await this.payments.findById(paymentId);
    if (!payment) return false;
    const unknownYet = payment.status === 'pending';
    const takenAfterAll = payment.status === 'declined' && outcome.status === 'captured';
    if (!unknownYet && !takenAfterAll) return true;
    const order = await this.orders.findById(payment.orderId);
    if (!order) return false;
    if (unknownYet && order.status === 'awaiting_payment') await this.settle(order, payment, outcome);
    else await this.giveBack(payment, outcome, order.reason ?? order.status);
    return true;
  }

  /** Another means of payment after a refusal. Resolves with the payment that is due now. */
  async payAgain(order: Order, token: string, by: string, effectKey: string): Promise<PaymentDue> {
    const now = new Date();
    const decision = payAgain(order, token, by, new Date(now.getTime() + payAgainMs), now);
    const payment = requestPayment(order.id, order.totals.total, token, now, effectKey);
    await this.transactions.run(async (session) => {
      await this.recorder.record(order, decision, session);
      await this.payments.insert(payment, session);
    });
    return { order: decision.order, payment };
  }

  /** Called off by the customer or the staff; money that was taken goes back. */
  async cancel(order: Order, by: string, reason: string): Promise<Order> {
    const decision = cancelOrder(order, by, reason, new Date());
    const refund = await this.transactions.run(async (session) => {
      await this.recorder.record(order, decision, session);
      return this.promiseAll(order.id, reason, session);
    });
    this.outcomes.announce(decision.order);
    if (refund) this.refunder.begin(refund);
    return decision.order;
  }

  /**
   * The stock has not answered: asks again, and gives the order up when there is still no answer an hour after it was
   * placed. Orders wait as long as the broker is away and do not expire by it.
   */
  async askStockAgain({ order, asked }: Unanswered): Promise<void> {
    const now = new Date();
    const tooLate = now.getTime() - order.createdAt.getTime() > stockAnswerMs;
    const decision = tooLate ? cancelOrder(order, 'shop', 'stock-unanswered', now) : placeAgain(order);
    await this.transactions.run(async (session) => {
      if (!tooLate && !(await this.orders.countAsking(order, asked, session))) return;
      await this.recorder.record(order, decision, session);
    });
    if (tooLate) this.outcomes.announce(decision.order);
  }

  private async ask(order: Order, payment: Payment): Promise<PaymentOutcome> {
    const request = { paymentId: payment.id, reference: order.id, amount: payment.amount, token: payment.token };
    try {
      return await this.provider.pay(request);
    } catch (error) {
      if (!(error instanceof PaymentUnknown)) throw error;
      // The answer may be what was lost, not the payment.
      const found = await this.provider.find(request);
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
    const outcome = await this.provider.find({ paymentId: payment.id, reference: order.id });
    if (outcome === undefined && Date.now() - payment.createdAt.getTime() < 60_000) return;
    await this.giveBack(payment, outcome ?? { status: 'declined', providerPaymentId: undefined, reason: 'never-captured' }, order.reason ?? order.status);
  }

  /** Closes a payment whose order no longer wants it; money that was taken goes back. */
  private async giveBack(payment: Payment, outcome: PaymentOutcome, reason: string): Promise<void> {
    const result = outcome.status === 'captured' ? { status: 'late' as const, providerPaymentId: outcome.providerPaymentId, reason } : resultOf(outcome);
    const refund = await this.transactions.run(async (session) => {
      if (!(await this.payments.settle(payment.id, payment.status, result, new Date(), session))) return undefined;
      return outcome.status === 'captured' ? this.refunder.promise({ ...payment, ...result }, { reason }, session) : undefined;
    });
    if (refund) await this.refunder.settle(refund);
  }

  /** All that was captured for an order and has not gone back. */
  private async promiseAll(orderId: string, reason: string, session: ClientSession): Promise<Refund | undefined> {
    const payment = await this.payments.findOpenByOrder(orderId, session);
    return payment?.status === 'captured' ? this.refunder.promise(payment, { reason }, session) : undefined;
  }

  private reportUnknown(orderId: string, type: string): void {
    this.logger.warn(`${type} is about order ${orderId}, which is not known here; ignored`);
  }
}

function resultOf(outcome: PaymentOutcome): Pick<Payment, 'status' | 'providerPaymentId' | 'reason'> {
  const { status, providerPaymentId } = outcome;
  return { status, providerPaymentId, reason: outcome.status === 'declined' ? outcome.reason : undefined };
}
