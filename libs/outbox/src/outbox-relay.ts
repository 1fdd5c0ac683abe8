import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger, Optional, type OnApplicationBootstrap } from '@nestjs/common';
import { PassingSet, type Drainable } from '@shopfleet/kernel';
import { counter, observe } from '@shopfleet/metrics';
import { EventPublisher, failAt, type FailPoint } from '@shopfleet/messaging';
import type { LeaderLease, OutboxBell, OutboxEntry, OutboxSource } from './outbox-source.ts';
import { leaderLease, outboxBell, outboxSource, relayOptions } from './tokens.ts';
import { Wake } from './wake.ts';

export interface RelayOptions {
  /** Rows per batch. Default: 200. */
  readonly batchSize?: number;
  /** The net below bell and change stream. Default: 1,000 ms. */
  readonly pollMs?: number;
  /** How long marks wait for further ones, so that many are written by one request; what a dead leader had not marked is published twice. Default: 100 ms. */
  readonly markMs?: number;
  /** Where processes of this service ring for each other. */
  readonly channel?: string;
  /** How long a dead leader blocks its successor at most. Default: 3,000 ms. */
  readonly leaseTtlMs?: number;
  /** Pass it only where NODE_ENV is test. */
  readonly failPoint?: FailPoint | undefined;
}

const published = counter('shop_outbox_published_total', 'Events that the broker has confirmed', ['type']);
const unconfirmed = counter('shop_outbox_unconfirmed_total', 'Publishings that the broker did not confirm; they are tried again');

/**
 * Publishes what the outbox holds, at least once and in order per subject. One process of a service leads; the others
 * ask for the lease every second and take over within 5 s when the leader dies. A leader that was paused past the end
 * of its lease may publish a batch that its successor publishes too: consumers see duplicates, which their inbox knows,
 * never a gap and never a first occurrence out of order.
 */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, Drainable {
  /** The last handlers of a worker that stops still record events. */
  readonly drainsLast = true;
  private readonly logger = new Logger(OutboxRelay.name);
  private readonly owner = `${process.pid}-${randomUUID()}`;
  private readonly wake = new Wake();
  private readonly batchSize: number;
  private readonly pollMs: number;
  private readonly leaseTtlMs: number;
  private running: Promise<void> | undefined;
  private stopping = false;
  private readonly endFigures: (() => void)[] = [];
  private stopListening: (() => Promise<void>) | undefined;
  /** On the monotonic clock, milliseconds; 0: does not lead. */
  private leadsUntil = 0;
  private renewAt = 0;
  private troubles = 0;
  /** Confirmed by the broker, not yet known to be marked: the source still offers them. */
  private readonly unmarked = new Set<string>();
  private readonly marking = new PassingSet<Promise<void>>();
  private toMark: string[] = [];
  private markTimer: NodeJS.Timeout | undefined;
  private readonly markMs: number;
  private markFailed = false;

  constructor(
    @Inject(outboxSource) private readonly source: OutboxSource,
    @Inject(leaderLease) private readonly lease: LeaderLease,
    private readonly publisher: EventPublisher,
    @Inject(relayOptions) private readonly options: RelayOptions,
    @Optional() @Inject(outboxBell) private readonly bell?: OutboxBell,
  ) {
    this.batchSize = options.batchSize ?? 200;
    this.pollMs = options.pollMs ?? 1_000;
    this.markMs = options.markMs ?? 100;
    this.leaseTtlMs = options.leaseTtlMs ?? 3_000;
  }

  onApplicationBootstrap(): void {
    this.endFigures.push(
      observe('shop_outbox_pending', 'Events that wait to be published; each worker tells of its service', [], async () => [{ value: (await this.source.backlog()).pending }]),
      observe('shop_outbox_oldest_seconds', 'Age of the oldest event that waits to be published', [], async () => {
        const { oldestAt } = await this.source.backlog();
        return [{ value: oldestAt === undefined ? 0 : Math.max(0, Date.now() - oldestAt.getTime()) / 1_000 }];
      }),
      observe('shop_outbox_leads', '1 on the worker that publishes for its service', [], () => [{ value: this.leads ? 1 : 0 }]),
    );
    this.start();
  }

  /** True while this process publishes for its service. */
  get leads(): boolean {
    return performance.now() < this.leadsUntil;
  }

  /** Begins to apply for the lease and to publish. */
  start(): void {
    this.running ??= this.run();
  }

  /** Something was recorded: whoever leads looks at once instead of at the next poll. */
  nudge(): void {
    if (this.leads) this.wake.notify();
    else if (this.options.channel !== undefined) this.bell?.publish(this.options.channel, '').catch(() => undefined);
  }

  /** Finishes the batch in hand and lets another process lead. */
  async drain(): Promise<void> {
    this.stopping = true;
    for (const end of this.endFigures.splice(0)) end();
    this.wake.notify();
    await this.running;
  }

  private async run(): Promise<void> {
    const stopHearing = this.publisher.onConnected(() => this.wake.notify());
    while (!this.stopping) {
      const pause = await this.turn().catch((error: unknown) => {
        this.troubled(error);
        return this.pollMs;
      });
      if (!this.stopping) await this.wake.sleep(pause);
    }
    stopHearing();
    this.writeMarks();
    await Promise.all(this.marking);
    await this.stopListening?.();
    if (this.leads) await this.lease.release(this.owner).catch((error: unknown) => this.troubled(error));
    this.leadsUntil = 0;
  }

  /** One round: lease, then batches until nothing is left. Resolves with how long to sleep, in milliseconds. */
  private async turn(): Promise<number> {
    while (!this.stopping) {
      if (!(await this.keepLease())) return this.pollMs * (1 + Math.random() / 4);
      if (!this.publisher.available) return this.pollMs;
      if (this.markFailed) {
        this.markFailed = false;
        return this.pollMs;
      }
      const { batch, more } = await this.next();
      if (batch.length === 0 && !more) break;
      failAt('outbox.before-publish', this.options.failPoint);
      const { confirmed, failed } = await this.publisher.publish(batch.map(({ event }) => event));
      failAt('outbox.after-publish', this.options.failPoint);
      const done = new Set(confirmed);
      for (const { event } of batch) if (done.has(event.id)) published.inc({ type: event.type });
      if (failed.length > 0) unconfirmed.inc(failed.length);
      this.mark(batch.filter(({ event }) => done.has(event.id)).map(({ id }) => id));
      if (failed[0] !== undefined) {
        this.troubled(`${failed.length} of ${batch.length} events not confirmed: ${failed[0].reason}`);
        return this.pollMs / 4;
      }
      this.troubles = 0;
      if (!more) break;
    }
    return Math.max(0, Math.min(this.pollMs, this.renewAt - performance.now()));
  }

  /** What is to be published next: while earlier entries are being marked, they are offered once more and left out. */
  private async next(): Promise<{ readonly batch: readonly OutboxEntry[]; readonly more: boolean }> {
    while (this.unmarked.size >= this.batchSize) {
      this.writeMarks();
      await Promise.race(this.marking);
    }
    const leftOut = new Set(this.unmarked);
    const limit = this.batchSize + leftOut.size;
    const offered = await this.source.claimBatch(limit, leftOut);
    return { batch: offered.filter(({ id }) => !leftOut.has(id)), more: offered.length === limit };
  }

  /** The mark may come late or never: then they are published twice, which consumers know. So nobody waits for it. */
  private mark(ids: readonly string[]): void {
    for (const id of ids) this.unmarked.add(id);
    this.toMark.push(...ids);
    if (this.toMark.length >= this.batchSize) this.writeMarks();
    else this.markTimer ??= setTimeout(() => this.writeMarks(), this.markMs);
  }

  private writeMarks(): void {
    clearTimeout(this.markTimer);
    this.markTimer = undefined;
    const ids = this.toMark;
    if (ids.length === 0) return;
    this.toMark = [];
    const marking = this.source
      .markSent(ids)
      .catch((error: unknown) => {
        this.markFailed = true;
        this.troubled(error);
      })
      .finally(() => {
        for (const id of ids) this.unmarked.delete(id);
        this.marking.delete(marking);
      });
    this.marking.add(marking);
  }

  private async keepLease(): Promise<boolean> {
    const now = performance.now();
    if (now < this.renewAt && this.leads) return true;
    const before = this.stopListening !== undefined;
    const leads = await this.lease.acquire(this.owner, this.leaseTtlMs);
    // Counted from before the question, so that our end is never later than the server's.
    this.leadsUntil = leads ? now + this.leaseTtlMs : 0;
    this.renewAt = now + this.leaseTtlMs / 3;
    if (leads && !before) {
      this.logger.log('this worker publishes the events of its service from now on');
      this.stopListening = await this.listen();
    }
    if (!leads && before) {
      const stop = this.stopListening;
      this.stopListening = undefined;
      await stop?.();
    }
    return leads;
  }

  /** Resolves with the function that ends it. */
  private async listen(): Promise<() => Promise<void>> {
    const hear = (): void => this.wake.notify();
    if (this.bell === undefined || this.options.channel === undefined) return this.source.onInsert(hear);
    // Not waited for: while the bell is away the polls do.
    const listening = this.bell.listen(this.options.channel, { onMessage: hear, onGap: hear });
    listening.then(hear, (error: unknown) => this.troubled(error));
    return async () => void listening.then((stop) => stop()).catch(() => undefined);
  }

  private troubled(error: unknown): void {
    this.troubles += 1;
    // Once when it begins, then about every half minute.
    if (this.troubles % 30 === 1) this.logger.warn(`cannot publish, trying on: ${error instanceof Error ? error.message : String(error)}`);
  }
}
