import { Injectable, Logger } from '@nestjs/common';
import type { CouponRow, Envelope, EventOf, stockRejected, stockReserved } from '@shopfleet/contracts';
import type { Intent } from '@shopfleet/idempotency';
import { Gathered, Transactions } from '@shopfleet/mongo';
import { Inbox } from '@shopfleet/outbox';
import type { ClientSession } from 'mongodb';
import {
  awaitsStock,
  cancelForStock,
  cancelOrder,
  endedWithoutPayment,
  isOutOfReach,
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
import { envelopesOf, OrderRecorder, type Placement, type Step } from '../orders/order-recorder.ts';
import { OrdersRepository, type Unanswered } from '../orders/orders.repository.ts';
import { PaymentProvider, PaymentUnknown, type PaymentOutcome } from '../payments/payment-provider.ts';
import { firstPayment, requestPayment, type Payment } from '../payments/payment.ts';
import { PaymentsRepository } from '../payments/payments.repository.ts';
import type { Refund } from '../refunds/refund.ts';
import { Refunder } from '../refunds/refunder.ts';
import { Outcomes } from './outcomes.ts';
import { Settlements, type PaymentDue } from './settlements.ts';

const consumer = 'checkout';
// A payment that would be asked for so shortly before the hold's end might be answered after it.
const lastMomentMs = 10_000;
// How long a second attempt to pay may take.
const payAgainMs = 120_000;
// The seventh question comes an hour after the order.
const worryAfter = 7;

/**
 * The checkout, step by step. Each step is one transaction of the order's next state and its events, decides by the
 * state it finds, and may be repeated by a redelivery, a retry of the shopper or the sweeper.
 *
 * | step    | begins with        | ends with                          | undone by                               |
 * |---------|--------------------|------------------------------------|-----------------------------------------|
 * | place   | the shopper's POST | order.placed, a payment row        | reject (out of stock), cancel           |
 * | hold    | stock.reserved     | awaiting payment                   | cancel, expire: product releases        |
 * | pay     | stock.reserved     | the provider's answer              | refund, when the order has ended by then |
 * | confirm | money captured     | order.paid                         | cancel (before shipping), then refund   |
 *
 * A payment is begun as soon as the stock is known to be held. Its answer mostly comes at once, and then hold and confirm
 * are recorded together; a hold whose payment takes longer is recorded by itself ({@link PaymentRunner}).
 */
@Injectable()
export class CheckoutSaga {
  private readonly logger = new Logger(CheckoutSaga.name);

  private readonly placeInTurn: (placement: Placement) => Promise<void>;
  private readonly holdInTurn: (news: StockNews) => Promise<PaymentDue | undefined>;
  private readonly look: Gathered<string, Order | undefined>;

  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly orders: OrdersRepository,
    private readonly recorder: OrderRecorder,
    private readonly payments: PaymentsRepository,
    private readonly provider: PaymentProvider,
    private readonly refunder: Refunder,
    private readonly outcomes: Outcomes,
    private readonly settlements: Settlements,
  ) {
    this.placeInTurn = transactions.gather(async (placements: readonly Placement[], session) => {
      await recorder.recordNew(placements, session);
      await payments.insertAll(placements.map(({ decision: { order } }) => firstPayment(order)), session);
      return [];
    });
    this.holdInTurn = inbox.gather(consumer, (news: readonly StockNews[], session) => this.holdAll(news, session));
    this.look = new Gathered(async (ids: readonly string[]) => {
      const found = await orders.findByIds(ids);
      return ids.map((id) => found.get(id));
    });
  }

  /** Step 1: the order, its event, the payment it will ask for, and the use of its coupon. */
  async place(decision: Decision, intent: Intent, coupon?: CouponRow): Promise<void> {
    await this.placeInTurn({ decision, envelopes: envelopesOf(decision), intent, coupon });
  }

  /** The payment that may be begun now that the stock is held, before the hold is recorded: undefined where {@link hold} has to come first. */
  async dueBy({ data: { orderId, expiresAt } }: EventOf<typeof stockReserved>): Promise<PaymentDue | undefined> {
    // Should it have been changed since, what is recorded then finds another version and reads it.
    const stored = this.outcomes.placedHere(orderId) ?? (await this.look.run(orderId));
    if (!stored || !awaitsStock(stored)) return undefined;
    const { order } = holdStock(stored, new Date(expiresAt), new Date());
    return isLate(order) ? undefined : { stored, order, payment: firstPayment(stored) };
  }

  /**
   * Step 2: the stock is held. Resolves with the payment that is due now, if one is.
   * @param begun its payment was begun before: whoever has ended the order tells product, which releases the hold or never makes it
   */
  async hold(event: EventOf<typeof stockReserved>, begun: boolean): Promise<PaymentDue | undefined> {
    return this.holdInTurn({ id: event.id, type: event.type, event, begun });
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
      if (isOutOfReach(order)) await this.orders.noteMissingStock(order.id, shortages, session);
      if (!awaitsStock(order) && !tooLate) return;
      const decision = tooLate ? cancelForStock(order, shortages, new Date()) : rejectForStock(order, shortages, new Date());
      await this.recorder.record(order, decision, session, event);
      if (!tooLate) await this.payments.close(order.id, 'out-of-stock', session);
      if (tooLate) refund = await this.promiseAll(order.id, 'out-of-stock', session);
      rejected = decision.order;
    });
    if (rejected) this.outcomes.announce(rejected);
    if (refund) this.refunder.begin(refund);
  }

  /**
   * Steps 3 and 4: asks the provider and records what follows. Resolves true when the order has come to its outcome by it.
   * @param latest as it stands when the provider has answered: its hold may have been recorded meanwhile
   * @throws PaymentUnknown when the provider gives no answer: `resume` later
   */
  async pay(due: PaymentDue, latest: () => Promise<PaymentDue>): Promise<boolean> {
    const { order, payment } = due;
    // Once the time is up no payment is begun; one that was begun before may have been captured, though.
    const outcome = isLate(order) ? await this.provider.find({ paymentId: payment.id, reference: order.id }) : await this.ask(order, payment);
    if (outcome !== undefined) return this.settlements.settle(await latest(), outcome);
    await this.expire(await latest());
    return true;
  }

  /**
   * Steps 3 and 4, from wherever the payment stands. Harmless when there is nothing to do.
   * @throws PaymentUnknown when the provider gives no answer: call it again later
   */
  async resume(orderId: string): Promise<void> {
    const payment = await this.payments.findOpenByOrder(orderId);
    const order = payment?.status === 'pending' ? await this.orders.findById(orderId) : undefined;
    if (!payment || !order) return;
    // Of a pending order the stock's answer decides.
    if (order.status === 'pending') return;
    const due = { stored: order, order, payment };
    if (order.status === 'awaiting_payment') await this.pay(due, () => Promise.resolve(due));
    else await this.settlements.mendUnclaimed(order, payment);
  }

  /** Another means of payment after a refusal. Resolves with the payment that is due now. */
  async payAgain(order: Order, token: string, by: string, intent: Intent): Promise<PaymentDue> {
    const now = new Date();
    const decision = payAgain(order, token, by, new Date(now.getTime() + payAgainMs), now);
    const payment = requestPayment(order.id, order.totals.total, token, now, intent);
    await this.transactions.run(async (session) => {
      await this.recorder.record(order, decision, session);
      await this.payments.insertAll([payment], session);
      await this.payments.expectAnswers([payment], now, session);
    });
    return { stored: decision.order, order: decision.order, payment };
  }

  /** Called off by the customer or the staff; money that was taken goes back. */
  async cancel(order: Order, by: string, reason: string): Promise<Order> {
    const decision = cancelOrder(order, by, reason, new Date());
    const refund = await this.transactions.run(async (session) => {
      await this.recorder.record(order, decision, session);
      if (awaitsStock(order)) await this.payments.close(order.id, reason, session);
      return this.promiseAll(order.id, reason, session);
    });
    this.outcomes.announce(decision.order);
    if (refund) this.refunder.begin(refund);
    return decision.order;
  }

  /**
   * The stock has not answered: asks again. An order waits as long as it takes, for what was lost or late is worked off
   * when broker and product are back; whoever does not want to wait cancels it.
   */
  async askStockAgain({ order, asked }: Unanswered): Promise<void> {
    await this.transactions.run(async (session) => {
      if (await this.orders.countAsking(order, asked, session)) await this.recorder.record(order, placeAgain(order), session);
    });
    if (asked >= worryAfter) this.logger.error(`order ${order.id} has waited for its stock since ${order.createdAt.toISOString()}: look at the product service and its dead letters`);
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

  private async holdAll(news: readonly StockNews[], session: ClientSession): Promise<(PaymentDue | undefined)[]> {
    const now = new Date();
    const orders = await this.orders.findByIds(news.map(({ event }) => event.data.orderId), session);
    const steps: Step[] = [];
    const dues = news.map(({ event, begun }): PaymentDue | undefined => {
      const before = orders.get(event.data.orderId);
      if (!before) return this.reportUnknown(event.data.orderId, event.type);
      if (!awaitsStock(before) && (begun || !endedWithoutPayment(before))) return undefined;
      const decision = awaitsStock(before) ? holdStock(before, new Date(event.data.expiresAt), now) : refuseLateHold(before);
      steps.push({ before, decision, envelopes: envelopesOf(decision, event) });
      return awaitsStock(before) ? { stored: decision.order, order: decision.order, payment: firstPayment(before) } : undefined;
    });
    await this.recorder.recordAll(steps, session);
    await this.payments.expectAnswers(dues.flatMap((due) => due?.payment ?? []), now, session);
    return dues;
  }

  private async expire({ stored, order }: PaymentDue): Promise<void> {
    const decision = expireOrder(order, new Date());
    await this.transactions.run((session) => this.recorder.record(stored, decision, session));
    this.outcomes.announce(decision.order);
  }

  /** All that was captured for an order and has not gone back. */
  private async promiseAll(orderId: string, reason: string, session: ClientSession): Promise<Refund | undefined> {
    const payment = await this.payments.findOpenByOrder(orderId, session);
    return payment?.status === 'captured' ? this.refunder.promise(payment, { reason }, session) : undefined;
  }

  private reportUnknown(orderId: string, type: string): undefined {
    this.logger.warn(`${type} is about order ${orderId}, which is not known here; ignored`);
  }
}

/** That stock is held, and whether the payment was begun upon it. */
interface StockNews extends Pick<Envelope, 'id' | 'type'> {
  readonly event: EventOf<typeof stockReserved>;
  readonly begun: boolean;
}

// A payment that was asked for now might be answered after the hold's end.
const isLate = ({ holdExpiresAt }: Order): boolean => holdExpiresAt !== undefined && holdExpiresAt.getTime() - Date.now() < lastMomentMs;
