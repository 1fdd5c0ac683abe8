import { Injectable, Logger } from '@nestjs/common';
import type { CouponRow, EventOf, stockRejected, stockReserved } from '@shopfleet/contracts';
import type { Intent } from '@shopfleet/idempotency';
import { NotTogether, Transactions } from '@shopfleet/mongo';
import { Inbox } from '@shopfleet/outbox';
import type { ClientSession } from 'mongodb';
import {
  awaitsStock,
  cancelForStock,
  cancelOrder,
  confirmPayment,
  declinePayment,
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
import { OrderChangedMeanwhile, OrdersRepository, type Unanswered } from '../orders/orders.repository.ts';
import { PaymentProvider, PaymentUnknown, type PaymentOutcome } from '../payments/payment-provider.ts';
import { requestPayment, type Payment } from '../payments/payment.ts';
import { PaymentsRepository, type PaymentSettlement } from '../payments/payments.repository.ts';
import type { Refund } from '../refunds/refund.ts';
import { Refunder } from '../refunds/refunder.ts';
import { Outcomes } from './outcomes.ts';

const consumer = 'checkout';
// A payment that would be asked for so shortly before the hold's end might be answered after it.
const lastMomentMs = 10_000;
// How long a second attempt to pay may take.
const payAgainMs = 120_000;
// The seventh question comes an hour after the order.
const worryAfter = 7;

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

  private readonly placeInTurn: (placement: Placement) => Promise<void>;
  private readonly holdInTurn: (event: EventOf<typeof stockReserved>) => Promise<PaymentDue | undefined>;
  private readonly settleInTurn: (settlement: Settlement) => Promise<Settled>;
  private readonly settling = new Map<string, Promise<void>>();

  constructor(
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly orders: OrdersRepository,
    private readonly recorder: OrderRecorder,
    private readonly payments: PaymentsRepository,
    private readonly provider: PaymentProvider,
    private readonly refunder: Refunder,
    private readonly outcomes: Outcomes,
  ) {
    this.placeInTurn = transactions.gather(async (placements: readonly Placement[], session) => {
      await recorder.recordNew(placements, session);
      return [];
    });
    this.holdInTurn = inbox.gather(consumer, (events, session) => this.holdAll(events, session));
    this.settleInTurn = transactions.gather((settlements: readonly Settlement[], session) => this.settleAll(settlements, session));
  }

  /** Step 1: the order, its event, and the use of its coupon. */
  async place(decision: Decision, intent: Intent, coupon?: CouponRow): Promise<void> {
    await this.placeInTurn({ decision, envelopes: envelopesOf(decision), intent, coupon });
  }

  /** Step 2: the stock is held. Resolves with the payment that is due now, if one is. */
  async hold(event: EventOf<typeof stockReserved>): Promise<PaymentDue | undefined> {
    return this.holdInTurn(event);
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
  async payAgain(order: Order, token: string, by: string, intent: Intent): Promise<PaymentDue> {
    const now = new Date();
    const decision = payAgain(order, token, by, new Date(now.getTime() + payAgainMs), now);
    const payment = requestPayment(order.id, order.totals.total, token, now, intent);
    await this.transactions.run(async (session) => {
      await this.recorder.record(order, decision, session);
      await this.payments.insertAll([payment], session);
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

  private async holdAll(events: readonly EventOf<typeof stockReserved>[], session: ClientSession): Promise<(PaymentDue | undefined)[]> {
    const now = new Date();
    const orders = await this.orders.findByIds(events.map(({ data }) => data.orderId), session);
    const steps: Step[] = [];
    const dues = events.map((event): PaymentDue | undefined => {
      const before = orders.get(event.data.orderId);
      if (!before) return this.reportUnknown(event.data.orderId, event.type);
      if (!awaitsStock(before) && !endedWithoutPayment(before)) return undefined;
      const decision = awaitsStock(before) ? holdStock(before, new Date(event.data.expiresAt), now) : refuseLateHold(before);
      steps.push({ before, decision, envelopes: envelopesOf(decision, event) });
      return awaitsStock(before) ? { order: decision.order, payment: requestPayment(before.id, before.totals.total, before.paymentToken, now) } : undefined;
    });
    await this.recorder.recordAll(steps, session);
    const payments = dues.flatMap((due) => due?.payment ?? []);
    if (payments.length > 0) await this.payments.insertAll(payments, session);
    return dues;
  }

  /**
   * Step 4: the provider's answer is recorded together with what follows from it. Answer and webhook often come at the
   * same time: the second waits for the first.
   */
  private settle(order: Order, payment: Payment, outcome: PaymentOutcome): Promise<void> {
    const running = this.settling.get(payment.id) ?? this.settleOnce(order, payment, outcome).finally(() => this.settling.delete(payment.id));
    this.settling.set(payment.id, running);
    return running;
  }

  private async settleOnce(order: Order, payment: Payment, outcome: PaymentOutcome): Promise<void> {
    const now = new Date();
    const decision =
      outcome.status === 'captured' ? confirmPayment(order, payment.id, now) : declinePayment(order, payment.id, outcome.reason, now);
    const step = { before: order, decision, envelopes: envelopesOf(decision) };
    const came = await this.settleInTurn({ step, payment: { id: payment.id, from: 'pending', outcome: resultOf(outcome) } }).catch((error: unknown): Settled => {
      if (error instanceof OrderChangedMeanwhile) return 'order-changed';
      throw error;
    });
    if (came === 'settled') this.outcomes.announce(decision.order);
    if (came === 'order-changed') await this.mendUnclaimed(order, payment);
  }

  private async settleAll(settlements: readonly Settlement[], session: ClientSession): Promise<Settled[]> {
    const [only] = settlements;
    if (only && settlements.length === 1) {
      if (!(await this.payments.settleAll([only.payment], new Date(), session))) return ['known'];
      await this.recorder.recordAll([only.step], session);
      return ['settled'];
    }
    // Of several the ones that came too late are left out, so that they do not undo the others.
    const pending = await this.payments.findPending(settlements.map(({ payment }) => payment.id), session);
    const versions = await this.orders.findVersions(settlements.map(({ step }) => step.before.id), session);
    const results = settlements.map(({ step: { before }, payment }): Settled => {
      if (!pending.has(payment.id)) return 'known';
      return versions.get(before.id) === before.version ? 'settled' : 'order-changed';
    });
    const good = settlements.filter((_, index) => results[index] === 'settled');
    if (good.length === 0) return results;
    if (!(await this.payments.settleAll(good.map(({ payment }) => payment), new Date(), session))) throw new NotTogether();
    await this.recorder.recordAll(good.map(({ step }) => step), session);
    return results;
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
      if (!(await this.payments.settleAll([{ id: payment.id, from: payment.status, outcome: result }], new Date(), session))) return undefined;
      return outcome.status === 'captured' ? this.refunder.promise({ ...payment, ...result }, { reason }, session) : undefined;
    });
    if (refund) await this.refunder.settle(refund);
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

/** What became of a settlement: recorded; recorded before by somebody else; the order has moved on without its payment. */
type Settled = 'settled' | 'known' | 'order-changed';

interface Settlement {
  readonly step: Step;
  readonly payment: PaymentSettlement;
}

function resultOf(outcome: PaymentOutcome): Pick<Payment, 'status' | 'providerPaymentId' | 'reason'> {
  const { status, providerPaymentId } = outcome;
  return { status, providerPaymentId, reason: outcome.status === 'declined' ? outcome.reason : undefined };
}
