import { eventually, freshRedis, killServer, restartServer } from '@shopfleet/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BoardQueues, Jobs, ordersPolicy, type JobPolicy, type JobRun } from '../src/index.ts';

const policy: JobPolicy = { attempts: 3, backoffMs: 50, concurrency: 5, keepCompleted: 10, keepFailed: 10 };
let url: string;
let opened: Jobs[];

beforeEach(async () => {
  url = await freshRedis('state');
  opened = [];
});
afterEach(async () => {
  await Promise.all(opened.map((jobs) => jobs.onApplicationShutdown()));
});

const open = (): Jobs => {
  const jobs = new Jobs(url);
  opened.push(jobs);
  return jobs;
};

/** Producers do not wait for Redis, so the first command has to wait for the connection. */
const added = async (jobs: Jobs, name: string, data: object, options = {}): Promise<void> => {
  await eventually(async () => jobs.queue('orders', policy).add(name, data, options));
};

describe('Jobs', () => {
  it('runs a job that was added in another process', async () => {
    const runs: JobRun[] = [];
    open().work('orders', policy, async (job) => void runs.push(job));
    await added(open(), 'pay', { orderId: 'ord_1' });
    await eventually(() => expect(runs).toMatchObject([{ name: 'pay', data: { orderId: 'ord_1' }, attempt: 1 }]));
  });

  it('tries a failing job as often as its policy says', async () => {
    const attempts: number[] = [];
    const jobs = open();
    jobs.work('orders', policy, async ({ attempt }) => {
      attempts.push(attempt);
      throw new Error('not yet');
    });
    await added(jobs, 'pay', {});
    await eventually(() => expect(attempts).toEqual([1, 2, 3]));
    await eventually(async () => expect(await jobs.queue('orders', policy).unfinished()).toBe(0));
  });

  it('keeps and tries the jobs of the orders queue as promised, fifty at once in a worker', async () => {
    const jobs = open();
    const release = Promise.withResolvers<void>();
    let running = 0;
    jobs.work('orders', ordersPolicy, () => {
      running += 1;
      return release.promise;
    });
    const queue = jobs.queue('orders', ordersPolicy);
    await eventually(() => queue.add('pay', {}, { id: 'first' }));
    await Promise.all(Array.from({ length: 59 }, () => queue.add('pay', {})));
    await eventually(() => expect(running).toBe(50));
    const board = new BoardQueues(url);
    expect((await board.open('orders').getJob('first'))?.opts).toMatchObject({ attempts: 3, backoff: { type: 'exponential', delay: 2_000 }, removeOnComplete: 1_000, removeOnFail: 5_000 });
    expect(await board.figuresOf('orders')).toMatchObject({ active: 50, waiting: 10 });
    await board.close();
    release.resolve();
    await eventually(() => expect(running).toBe(60));
  });

  it('takes two jobs of one id for one', async () => {
    const jobs = open();
    await added(jobs, 'pay', {}, { id: 'pay-1', delayMs: 60_000 });
    await added(jobs, 'pay', {}, { id: 'pay-1', delayMs: 60_000 });
    expect(await jobs.queue('orders', policy).unfinished()).toBe(1);
  });

  it('runs a schedule on one worker at a time, however many set it', async () => {
    let runs = 0;
    const workers = [open(), open()];
    for (const jobs of workers) {
      jobs.work('orders', policy, async () => void (runs += 1));
      jobs.queue('orders', policy).every(200, 'sweep');
    }
    const started = Date.now();
    await eventually(() => expect(runs).toBeGreaterThanOrEqual(5));
    expect(runs).toBeLessThanOrEqual((Date.now() - started) / 200 + 3);
  });

  it('finishes what is in hand when it drains, and leaves the rest to others', async () => {
    const done: string[] = [];
    let begun = 0;
    const leaving = open();
    leaving.work('orders', { ...policy, concurrency: 1 }, async ({ id }) => {
      begun += 1;
      await new Promise((resolve) => setTimeout(resolve, 300));
      done.push(id);
    });
    await added(leaving, 'pay', {}, { id: 'first' });
    await added(leaving, 'pay', {}, { id: 'second' });
    await eventually(() => expect(begun).toBe(1));
    await leaving.drain();
    expect(done).toEqual(['first']);
    open().work('orders', policy, async ({ id }) => void done.push(id));
    await eventually(() => expect(done).toEqual(['first', 'second']));
  });

  it('refuses at once while Redis is away, keeps its jobs, and goes on when it is back', async () => {
    const done: string[] = [];
    const producer = open();
    await added(producer, 'pay', {}, { id: 'before' });
    await killServer('redis-state');
    try {
      const started = Date.now();
      await expect(producer.queue('orders', policy).add('pay', {}, { id: 'during' })).rejects.toThrow();
      expect(Date.now() - started).toBeLessThan(2500);
    } finally {
      await restartServer('redis-state');
    }
    open().work('orders', policy, async ({ id }) => void done.push(id));
    await added(producer, 'pay', {}, { id: 'after' });
    await eventually(() => expect(done.toSorted()).toEqual(['after', 'before']));
  });

  it('ends while Redis is away, whatever it had in hand', async () => {
    const jobs = open();
    const begun = Promise.withResolvers<void>();
    const redisIsAway = Promise.withResolvers<void>();
    jobs.work('orders', policy, async () => {
      begun.resolve();
      await redisIsAway.promise;
    });
    jobs.work('idle', policy, () => Promise.resolve());
    await added(jobs, 'pay', {});
    await begun.promise;
    await killServer('redis-state');
    try {
      redisIsAway.resolve();
      await jobs.onApplicationShutdown();
    } finally {
      await restartServer('redis-state');
    }
  });

  it('ends just after Redis came back, while its connections still wait for their next attempt', async () => {
    const jobs = open();
    let runs = 0;
    jobs.work('orders', policy, async () => void (runs += 1));
    await added(jobs, 'pay', {});
    await eventually(() => expect(runs).toBe(1));
    await killServer('redis-state');
    await restartServer('redis-state');
    await jobs.onApplicationShutdown();
  });

  it('begins a schedule that was set while Redis was away', async () => {
    let runs = 0;
    await killServer('redis-state');
    try {
      open().repeat('sales', policy, 100, async () => void (runs += 1));
    } finally {
      await restartServer('redis-state');
    }
    await eventually(() => expect(runs).toBeGreaterThanOrEqual(2), { timeoutMs: 15_000 });
  });
});
