import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Jobs, ordersPolicy, type JobQueue } from '@shopfleet/jobs';
import { within, type Drainable } from '@shopfleet/kernel';
import { EventPublisher } from '@shopfleet/messaging';
import { bulkhead } from 'cockatiel';
import { z } from 'zod';
import { OrdersRepository } from '../orders/orders.repository.ts';
import { PaymentsRepository } from '../payments/payments.repository.ts';
import { Refunder } from '../refunds/refunder.ts';
import { RefundsRepository } from '../refunds/refunds.repository.ts';
import { CheckoutSaga } from './checkout.saga.ts';
import type { PaymentDue } from './settlements.ts';

const queueName = 'orders';
/** Payments that one worker has under way at once; further ones wait for their turn here. */
const paymentsAtOnce = 100;
const paymentsWaiting = 10_000;
/** So long a payment may take to be recorded together with its hold. Most providers' answers are slower, and then cost a transaction more. */
const soonMs = 100;
/** After an outage of the broker, for what has been waiting there. */
const stockTimeMs = 15_000;
const jobSchema = z.object({ orderId: z.string() });

interface Run {
  readonly orderId: string;
  /** Resolved when the provider has answered. */
  readonly answered: PromiseWithResolvers<void>;
  /** True when the order has come to its outcome by it. */
  end: Promise<boolean>;
  /** The hold is being recorded by itself: the outcome is recorded upon that. */
  holding?: Promise<PaymentDue | undefined>;
}

/**
 * Runs the payments of checkouts beside the consumer, so that a slow provider does not hold up the queue of events.
 * Three nets, each under the one before: at once in this process; a job of the `orders` queue when the provider did
 * not answer; the sweeper, which every few seconds takes up what nobody finished.
 */
@Injectable()
export class PaymentRunner implements Drainable, OnApplicationBootstrap {
  private readonly logger = new Logger(PaymentRunner.name);
  private readonly queue: JobQueue;
  private readonly gate = bulkhead(paymentsAtOnce, paymentsWaiting);
  /** By payment; a second one of an order does not wait for its first. */
  private readonly running = new Map<string, Run>();
  private brokerAwayAt = 0;

  constructor(
    private readonly saga: CheckoutSaga,
    private readonly payments: PaymentsRepository,
    private readonly orders: OrdersRepository,
    private readonly refunds: RefundsRepository,
    private readonly refunder: Refunder,
    private readonly jobs: Jobs,
    private readonly publisher: EventPublisher,
    private readonly sweepIntervalMs: number,
  ) {
    this.queue = jobs.queue(queueName, ordersPolicy);
  }

  onApplicationBootstrap(): void {
    this.jobs.work(queueName, ordersPolicy, (job) => (job.name === 'sweep' ? this.sweep() : this.saga.resume(jobSchema.parse(job.data).orderId)));
    this.queue.every(this.sweepIntervalMs, 'sweep');
  }

  /** Begins a payment that has just become due; returns at once. */
  begin(due: PaymentDue): void {
    this.pay(due);
  }

  /**
   * The same for stock that is held and not recorded as such yet. Resolves when what is known is recorded: the outcome, where the
   * provider answers soon; else the hold.
   */
  async beginUnheld(due: PaymentDue, hold: () => Promise<PaymentDue | undefined>): Promise<void> {
    const run = this.pay(due);
    const known = Promise.race([run.answered.promise, run.end]).then(() => true);
    const soon = await within(soonMs, known, () => new Error('the provider takes longer')).catch(() => false);
    if (soon && (await run.end)) return;
    await (run.holding = hold());
  }

  /** Goes on with the checkout of an order from where it stands; returns at once. */
  resume(orderId: string): void {
    if ([...this.running.values()].some((run) => run.orderId === orderId)) return;
    this.run(orderId, orderId, async () => {
      await this.saga.resume(orderId);
      return true;
    });
  }

  /** Resolves when the payments under way are settled; what comes later is left to another worker's sweeper. */
  async drain(): Promise<void> {
    while (this.running.size > 0) await Promise.all([...this.running.values()].map(({ end }) => end));
  }

  private pay(due: PaymentDue): Run {
    return this.run(due.payment.id, due.order.id, (run) =>
      this.saga.pay(due, async () => {
        run.answered.resolve();
        return (await run.holding?.catch(() => undefined)) ?? due;
      }),
    );
  }

  private run(key: string, orderId: string, work: (run: Run) => Promise<boolean>): Run {
    const before = this.running.get(key);
    if (before) return before;
    const run: Run = { orderId, answered: Promise.withResolvers(), end: Promise.resolve(false) };
    this.running.set(key, run);
    run.end = this.gate
      .execute(() => work(run))
      .catch((error: unknown) => this.tryLater(orderId, error))
      .finally(() => this.running.delete(key));
    return run;
  }

  private async sweep(): Promise<void> {
    // Bounded, so that one sweep ends before the next is due.
    for (let taken = 0; taken < 500; taken += 1) {
      const payment = await this.payments.takeOverdue(new Date());
      if (!payment) break;
      this.resume(payment.orderId);
    }
    for (let taken = 0; taken < 100; taken += 1) {
      const refund = await this.refunds.takeOverdue(new Date());
      if (!refund) break;
      this.refunder.begin(refund);
    }
    if (this.stockHasHadTime()) for (const unanswered of await this.orders.findUnanswered(new Date(), 100)) await this.saga.askStockAgain(unanswered);
  }

  // While the broker was away nobody can have answered: first let what was asked then be worked off.
  private stockHasHadTime(): boolean {
    if (!this.publisher.available) this.brokerAwayAt = Date.now();
    return Date.now() - this.brokerAwayAt > stockTimeMs;
  }

  private async tryLater(orderId: string, error: unknown): Promise<false> {
    this.logger.warn(`the payment of ${orderId} is not settled, trying again: ${error instanceof Error ? error.message : String(error)}`);
    // One job per order is enough; and where Redis is away, the sweeper comes by once it is back.
    await this.queue.add('pay', { orderId }, { id: `pay-${orderId}`, delayMs: ordersPolicy.backoffMs }).catch(() => undefined);
    return false;
  }
}
