import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { PassingSet, within, type Drainable } from '@shopfleet/kernel';
import { histogram, observe } from '@shopfleet/metrics';
import { Queue, Worker, type Job } from 'bullmq';
import { producerConnection, workerConnection } from './connection.ts';
import { endOf } from './ending.ts';
import { contextToCarry, inContextOf } from './job-context.ts';
import type { JobPolicy } from './job-policy.ts';
import type { AddJob, JobHandler, JobQueue } from './job-queue.ts';

// One hash slot for all keys of all queues: BullMQ's scripts touch several at once, which a cluster allows only then.
export const prefix = '{jobs}';

const deadlineMs = 1000;
const counted = ['wait', 'active', 'delayed', 'failed'] as const;
const duration = histogram('shop_job_duration_seconds', 'One try of a job, by queue', ['queue', 'outcome']);
const unfinishedStates: ReadonlySet<string> = new Set(['active', 'delayed', 'prioritized', 'waiting', 'waiting-children']);

/**
 * The queues of a service and those who work them off, on BullMQ in redis-state. RabbitMQ speaks between services,
 * this inside one.
 *
 * @example
 * const orders = jobs.queue('orders', ordersPolicy);
 * jobs.work('orders', ordersPolicy, (job) => saga.continue(job));
 * orders.every(5000, 'sweep');
 */
export class Jobs implements Drainable, OnApplicationShutdown {
  private readonly logger = new Logger('Jobs');
  private readonly queues = new Map<string, Queue>();
  private readonly workers: { readonly worker: Worker; readonly inHand: PassingSet<Promise<void>> }[] = [];
  private readonly endFigures: () => void;
  private closing = false;

  constructor(private readonly url: string) {
    this.endFigures = observe('shop_queue_jobs', 'Jobs of BullMQ by queue and state; each worker tells of its service', ['queue', 'state'], () => this.figures());
  }

  queue(name: string, policy: JobPolicy): JobQueue {
    const queue = this.queues.get(name) ?? this.open(name, policy);
    return {
      add: async (jobName: string, data: object, { id, delayMs }: AddJob = {}) => {
        await withinDeadline(queue.add(jobName, data, { ...contextToCarry(), ...(id !== undefined && { jobId: id }), ...(delayMs !== undefined && { delay: delayMs }) }));
      },
      every: (intervalMs: number, jobName: string) => void this.schedule(queue, intervalMs, jobName),
      unfinished: async () => {
        const counts = await queue.getJobCounts('wait', 'active', 'delayed', 'prioritized');
        const scheduled = await queue.getJobSchedulersCount();
        return Math.max(0, Object.values(counts).reduce((sum, count) => sum + count, 0) - scheduled);
      },
      holds: async (id: string) => unfinishedStates.has(await withinDeadline(queue.getJobState(id))),
    };
  }

  /** Starts to work off a queue, up to `policy.concurrency` jobs at once. */
  work(name: string, policy: JobPolicy, handler: JobHandler): void {
    const inHand = new PassingSet<Promise<void>>();
    const run = async (job: Job): Promise<void> => {
      const running = timed(name, () => inContextOf(job, name, () => handler({ id: job.id ?? '', name: job.name, data: job.data as unknown, attempt: job.attemptsMade + 1 })));
      inHand.add(running);
      await running.finally(() => inHand.delete(running));
    };
    const worker = new Worker(name, run, {
      connection: workerConnection(this.url),
      prefix,
      concurrency: policy.concurrency,
      autorun: policy.globalConcurrency === undefined,
      ...(policy.lockMs !== undefined && { lockDuration: policy.lockMs, stalledInterval: policy.lockMs / 2 }),
    });
    worker.on('error', this.reporter(name));
    worker.on('failed', (job, error) => this.logger.warn(`job ${job?.name} ${job?.id} of ${name} failed (try ${job?.attemptsMade}): ${error.message}`));
    this.workers.push({ worker, inHand });
    if (policy.globalConcurrency !== undefined) void this.runBounded(worker, this.queues.get(name) ?? this.open(name, policy), policy.globalConcurrency);
  }

  /** Does something at an interval, on one worker of the service at a time. Returns at once, as `every` of a queue does. */
  repeat(name: string, policy: JobPolicy, intervalMs: number, work: () => Promise<void>): void {
    this.work(name, policy, work);
    this.queue(name, policy).every(intervalMs, name);
  }

  /** Takes no further job and waits for those in hand, 10 s at most. */
  async drain(): Promise<void> {
    await Promise.all(this.workers.splice(0).map(({ worker, inHand }) => endOf(worker, () => inHand.size > 0)));
  }

  async onApplicationShutdown(): Promise<void> {
    this.closing = true;
    this.endFigures();
    await this.drain();
    await Promise.all([...this.queues.values()].map((queue) => endOf(queue)));
  }

  private async figures(): Promise<{ labels: { queue: string; state: string }; value: number }[]> {
    const found = await Promise.all([...this.queues].map(async ([queue, opened]) => ({ queue, counts: await opened.getJobCounts(...counted) })));
    return found.flatMap(({ queue, counts }) => counted.map((state) => ({ labels: { queue, state }, value: counts[state] ?? 0 })));
  }

  private async schedule(queue: Queue, intervalMs: number, jobName: string): Promise<void> {
    // A run that fails is not repeated: the next is due soon anyway.
    await this.untilRedisAnswers(() => withinDeadline(queue.upsertJobScheduler(jobName, { every: intervalMs }, { name: jobName, opts: { attempts: 1 } })));
  }

  // The bound lies in Redis: no worker begins before it is there.
  private async runBounded(worker: Worker, queue: Queue, globalConcurrency: number): Promise<void> {
    await this.untilRedisAnswers(() => withinDeadline(queue.setGlobalConcurrency(globalConcurrency)));
    if (!this.workers.some((one) => one.worker === worker)) return;
    await worker.run().catch(this.reporter(queue.name));
  }

  // The queue connects by itself.
  private async untilRedisAnswers(ask: () => Promise<unknown>): Promise<void> {
    for (let pauseMs = 250; !this.closing; pauseMs = Math.min(pauseMs * 2, 10_000)) {
      try {
        await ask();
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, pauseMs).unref());
      }
    }
  }

  private open(name: string, policy: JobPolicy): Queue {
    const queue = new Queue(name, {
      connection: producerConnection(this.url),
      prefix,
      defaultJobOptions: {
        attempts: policy.attempts,
        backoff: { type: 'exponential', delay: policy.backoffMs },
        removeOnComplete: policy.keepCompleted,
        removeOnFail: policy.keepFailed,
      },
    });
    queue.on('error', this.reporter(name));
    this.queues.set(name, queue);
    return queue;
  }

  // While Redis is away every reconnect fails: one line per minute is enough to know.
  private reporter(name: string): (error: Error) => void {
    let lastAt = 0;
    return (error) => {
      if (Date.now() - lastAt < 60_000) return;
      lastAt = Date.now();
      this.logger.warn(`queue ${name}: ${error.message}; trying again until Redis is back`);
    };
  }
}

async function timed(queue: string, work: () => Promise<void>): Promise<void> {
  const began = performance.now();
  let outcome = 'failed';
  try {
    await work();
    outcome = 'done';
  } finally {
    duration.observe({ queue, outcome }, (performance.now() - began) / 1_000);
  }
}

/** @throws Error when Redis has not answered within a second; it may still carry the command out, so jobs have ids. */
async function withinDeadline<T>(command: Promise<T>): Promise<T> {
  return await within(deadlineMs, command, () => new Error(`Redis did not answer within ${deadlineMs} ms`));
}
