import { Injectable } from '@nestjs/common';
import { NotTogether, Transactions, type ClientSession } from '@shopfleet/mongo';
import { confirmPayment, declinePayment, type Order } from '../orders/domain/order.ts';
import { envelopesOf, OrderRecorder, type Step } from '../orders/order-recorder.ts';
import { OrderChangedMeanwhile, OrdersRepository } from '../orders/orders.repository.ts';
import { PaymentProvider, type PaymentOutcome } from '../payments/payment-provider.ts';
import type { Payment } from '../payments/payment.ts';
import { PaymentsRepository, type PaymentSettlement } from '../payments/payments.repository.ts';
import { Refunder } from '../refunds/refunder.ts';
import { Outcomes } from './outcomes.ts';

/** No worker still asks the provider for a payment so long after it was begun. */
const neverCapturedAfterMs = 60_000;

/** An order that waits for its payment. */
export interface PaymentDue {
  /** As it is stored: a first payment may be under way before the hold is recorded. */
  readonly stored: Order;
  /** As it is decided upon: with its stock held. */
  readonly order: Order;
  readonly payment: Payment;
}

/** What became of a settlement: recorded; recorded before by somebody else; the order has moved on. */
type Settled = 'settled' | 'known' | 'order-changed';

interface Settlement {
  readonly step: Step;
  readonly payment: PaymentSettlement;
}

/** The last step of a checkout: what the provider answered is recorded together with what follows from it for the order. */
@Injectable()
export class Settlements {
  private readonly recordInTurn: (settlement: Settlement) => Promise<Settled>;
  private readonly running = new Map<string, { readonly outcome: PaymentOutcome; readonly end: Promise<boolean> }>();

  constructor(
    private readonly transactions: Transactions,
    private readonly orders: OrdersRepository,
    private readonly recorder: OrderRecorder,
    private readonly payments: PaymentsRepository,
    private readonly provider: PaymentProvider,
    private readonly refunder: Refunder,
    private readonly outcomes: Outcomes,
  ) {
    this.recordInTurn = transactions.gather((settlements: readonly Settlement[], session) => this.recordAll(settlements, session));
  }

  /**
   * Records an outcome. Answer and webhook often come at the same time: the second waits for the first, and is looked at
   * by itself where it says something else. Resolves true when the order has come to its outcome by this one.
   */
  async settle(due: PaymentDue, outcome: PaymentOutcome): Promise<boolean> {
    const { id } = due.payment;
    const before = this.running.get(id);
    if (before) {
      const settled = await before.end;
      if (before.outcome.status !== outcome.status) await this.learn(id, outcome);
      return settled;
    }
    const end = this.settleOnce(due, outcome).finally(() => this.running.delete(id));
    this.running.set(id, { outcome, end });
    return end;
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
    // Whoever has the answer of the stock in hand is being told by the provider too, and asks again if need be.
    if (unknownYet && order.status === 'pending') return true;
    if (unknownYet && order.status === 'awaiting_payment') await this.settle({ stored: order, order, payment }, outcome);
    else await this.giveBack(payment, outcome, order.reason ?? order.status);
    return true;
  }

  /** The order has ended without its payment: what the provider took all the same is to go back. */
  async mendUnclaimed(order: Order, payment: Payment): Promise<void> {
    const outcome = await this.provider.find({ paymentId: payment.id, reference: order.id });
    if (outcome === undefined && Date.now() - payment.createdAt.getTime() < neverCapturedAfterMs) return;
    await this.giveBack(payment, outcome ?? { status: 'declined', providerPaymentId: undefined, reason: 'never-captured' }, order.reason ?? order.status);
  }

  private async settleOnce({ stored, order, payment }: PaymentDue, outcome: PaymentOutcome): Promise<boolean> {
    const now = new Date();
    const decision =
      outcome.status === 'captured' ? confirmPayment(order, payment.id, now) : declinePayment(order, payment.id, outcome.reason, now);
    const step = { before: stored, decision, envelopes: envelopesOf(decision) };
    const came = await this.recordInTurn({ step, payment: { id: payment.id, from: 'pending', outcome: resultOf(outcome) } }).catch((error: unknown): Settled => {
      if (error instanceof OrderChangedMeanwhile) return 'order-changed';
      throw error;
    });
    if (came !== 'settled') return this.settleAnew(stored, payment, outcome);
    this.outcomes.announce(decision.order);
    return true;
  }

  /** Its hold was recorded meanwhile, or it has ended, or somebody else has settled it. */
  private async settleAnew({ id, version }: Order, { id: paymentId }: Payment, outcome: PaymentOutcome): Promise<boolean> {
    const [order, payment] = await Promise.all([this.orders.findById(id), this.payments.findById(paymentId)]);
    const mayStillMatter = payment?.status === 'pending' || (payment?.status === 'declined' && outcome.status === 'captured');
    if (!order || !payment || !mayStillMatter) return false;
    if (payment.status === 'pending' && order.status === 'awaiting_payment' && order.version > version) return this.settleOnce({ stored: order, order, payment }, outcome);
    await this.giveBack(payment, outcome, order.reason ?? order.status);
    return false;
  }

  private async recordAll(settlements: readonly Settlement[], session: ClientSession): Promise<Settled[]> {
    // Of several, one that came too late undoes the others: seldom, and then each is recorded by itself.
    const alone = settlements.length === 1;
    if (!(await this.payments.settleAll(settlements.map(({ payment }) => payment), new Date(), session))) {
      if (alone) return ['known'];
      throw new NotTogether();
    }
    await this.recorder.recordAll(settlements.map(({ step }) => step), session);
    return settlements.map((): Settled => 'settled');
  }

  /** Closes a payment whose order does not want it any more; money that was taken goes back. */
  private async giveBack(payment: Payment, outcome: PaymentOutcome, reason: string): Promise<void> {
    const result = outcome.status === 'captured' ? { status: 'late' as const, providerPaymentId: outcome.providerPaymentId, reason } : resultOf(outcome);
    const refund = await this.transactions.run(async (session) => {
      if (!(await this.payments.settleAll([{ id: payment.id, from: payment.status, outcome: result }], new Date(), session))) return undefined;
      return outcome.status === 'captured' ? this.refunder.promise({ ...payment, ...result }, { reason }, session) : undefined;
    });
    if (refund) await this.refunder.settle(refund);
  }
}

function resultOf(outcome: PaymentOutcome): Pick<Payment, 'status' | 'providerPaymentId' | 'reason'> {
  const { status, providerPaymentId } = outcome;
  return { status, providerPaymentId, reason: outcome.status === 'declined' ? outcome.reason : undefined };
}
