import { Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { createEvent, notificationFailed } from '@shopfleet/contracts';
import type { Jobs, JobPolicy, JobQueue, JobRun } from '@shopfleet/jobs';
import type { Transactions } from '@shopfleet/mongo';
import type { Outbox } from '@shopfleet/outbox';
import { z } from 'zod';
import { pauseAfter } from './back-off.ts';
import type { DeliveriesRepository } from './deliveries.repository.ts';
import type { Deliverer, Outcome } from './deliverer.ts';
import type { Delivery, DeliveryTry } from './delivery.schema.ts';
import { ProviderBreakers } from './provider-breakers.ts';

// When to try again is decided by the row, so the queue's own tries are one.
const policy: JobPolicy = { attempts: 1, backoffMs: 1_000, concurrency: 10, keepCompleted: 1_000, keepFailed: 5_000 };
const sweepMs = 2_000;
const sweptAtOnce = 500;
const job = z.object({ deliveryId: z.string() });

/** Works off the deliveries of one channel, by a queue of its own: a channel that is stuck holds up no other. */
export class DeliveryWorker implements OnApplicationBootstrap {
  private readonly logger: Logger;
  private readonly queue: JobQueue;
  private readonly breakers = new ProviderBreakers();

  constructor(
    private readonly deliverer: Deliverer,
    private readonly deliveries: DeliveriesRepository,
    private readonly jobs: Jobs,
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
  ) {
    this.logger = new Logger(`deliveries by ${deliverer.channel}`);
    this.queue = jobs.queue(deliverer.channel, policy);
  }

  onApplicationBootstrap(): void {
    this.jobs.work(this.deliverer.channel, policy, (run) => this.run(run));
    this.queue.every(sweepMs, 'sweep');
  }

  /** A hint that there is something to do; the sweeper finds it anyway. */
  announce(id: string, round = 0): void {
    this.queue.add('deliver', { deliveryId: id }, { id: `${id}.${round}` }).catch(() => undefined);
  }

  private async run(run: JobRun): Promise<void> {
    if (run.name !== 'sweep') return await this.deliver(job.parse(run.data).deliveryId);
    const due = await this.deliveries.takeDue(this.deliverer.channel, sweptAtOnce, new Date());
    for (const { id, round } of due) await this.queue.add('deliver', { deliveryId: id }, { id: `${id}.${round}` });
  }

  private async deliver(id: string): Promise<void> {
    const delivery = await this.deliveries.claim(id, new Date());
    if (delivery === undefined) return;
    const begun = performance.now();
    const provider = await this.deliverer.providerOf(delivery);
    if (provider === undefined) return await this.settle(delivery, { result: 'never', error: 'the address was removed' }, begun);
    const waitMs = this.breakers.admit(provider);
    if (waitMs !== undefined) return await this.deliveries.postpone(id, new Date(Date.now() + waitMs * (1 + Math.random() / 2)));
    let outcome: Outcome = { result: 'later', error: 'it broke off' };
    try {
      outcome = await this.deliverer.deliver(delivery);
    } catch (error) {
      outcome = { result: 'later', error: error instanceof Error ? error.message : String(error) };
    } finally {
      this.breakers.settle(provider, outcome.result !== 'later');
    }
    await this.settle(delivery, outcome, begun);
  }

  private async settle(delivery: Delivery, outcome: Outcome, begun: number): Promise<void> {
    const error = 'error' in outcome ? outcome.error.slice(0, 300) : undefined;
    const tried: DeliveryTry = { at: new Date(), ms: Math.round(performance.now() - begun), ...(outcome.status !== undefined && { status: outcome.status }), ...(error !== undefined && { error }) };
    if (outcome.result === 'delivered') return await this.deliveries.markDelivered(delivery._id, tried);
    const pause = outcome.result === 'later' ? Math.max(pauseAfter(delivery.attempts + 1), outcome.afterMs ?? 0) : 0;
    if (outcome.result === 'later' && Date.now() + pause < delivery.giveUpAt.getTime()) return await this.deliveries.retryAt(delivery._id, new Date(Date.now() + pause), tried);
    await this.giveUp(delivery, tried);
  }

  private async giveUp({ _id, channel, kind, owner }: Delivery, tried: DeliveryTry): Promise<void> {
    const reason = tried.error ?? 'unknown';
    this.logger.warn(`${kind} ${_id} is given up: ${reason}`);
    await this.transactions.run(async (session) => {
      if (!(await this.deliveries.markFailed(_id, tried, session))) return;
      const data = { notificationId: _id, channel, kind, reason, ...(owner.startsWith('user:') && { userId: owner.slice('user:'.length) }) };
      await this.outbox.append(session, [createEvent(notificationFailed, { source: 'notification', subject: _id, data })]);
    });
  }
}
