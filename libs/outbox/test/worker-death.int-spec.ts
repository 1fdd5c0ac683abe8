import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually, freshDatabase, freshVhost, startWorker, type Worker } from '@shopfleet/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { effectsOf, pendingOf, startSample, type SampleApp } from './sample-app.ts';

const entry = fileURLToPath(new URL('worker-process.ts', import.meta.url));

describe('a worker that is killed', () => {
  let servers: { mongodb: string; rabbitmq: string };
  let app: SampleApp | undefined;
  let workers: Worker[] = [];

  const spawn = async (role: 'relay' | 'consumer', failPoint = ''): Promise<Worker> => {
    const worker = await startWorker(entry, { MONGODB_URI: servers.mongodb, RABBITMQ_URL: servers.rabbitmq, ROLE: role, FAILPOINT: failPoint });
    workers.push(worker);
    return worker;
  };
  const start = async (options: { consumes: boolean }): Promise<SampleApp> => {
    app = await startSample({ ...servers, ...options });
    await eventually(() => app?.check.check().then(() => true) ?? false);
    return app;
  };
  const leaderOf = async ({ db }: SampleApp): Promise<number> => Number((await db.collection<{ _id: string; owner: string }>('leases').findOne({}))?.owner.split('-')[0]);

  beforeAll(async () => {
    const root = fileURLToPath(new URL('../../..', import.meta.url));
    await promisify(execFile)(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-b', `${root}libs/outbox`]);
  }, 120_000);
  beforeEach(async () => {
    servers = { mongodb: freshDatabase(), rabbitmq: await freshVhost() };
  });
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.kill()));
    workers = [];
    await app?.close();
    app = undefined;
  });

  it('while it leads is followed by another within 5 s, and nothing is lost', { timeout: 60_000 }, async () => {
    const sample = await start({ consumes: true });
    await sample.relay.drain();
    const [first, second] = [await spawn('relay'), await spawn('relay')];
    await eventually(async () => [first.pid, second.pid].includes(await leaderOf(sample)));
    const leader = (await leaderOf(sample)) === first.pid ? first : second;
    const before = await sample.counter.produce(sample.db, 'BEFORE');
    await eventually(async () => expect(await effectsOf(sample.db)).toHaveLength(1));
    await leader.kill('SIGKILL');
    const begun = performance.now();
    const after = await sample.counter.produce(sample.db, 'AFTER');
    await eventually(async () => expect(await effectsOf(sample.db)).toHaveLength(2), { timeoutMs: 8_000 });
    const tookMs = Math.round(performance.now() - begun);
    process.stderr.write(`take-over and effect ${tookMs} ms after the leader's death\n`);
    expect(tookMs).toBeLessThan(5_000);
    expect(await leaderOf(sample)).not.toBe(leader.pid);
    expect(await effectsOf(sample.db)).toEqual([{ _id: before.id, times: 1 }, { _id: after.id, times: 1 }]);
  });

  it('between publishing and marking leaves a duplicate, which has no second effect', { timeout: 60_000 }, async () => {
    const sample = await start({ consumes: true });
    await sample.relay.drain();
    const doomed = await spawn('relay', 'outbox.after-publish');
    await eventually(async () => (await leaderOf(sample)) === doomed.pid);
    const event = await sample.counter.produce(sample.db, 'SKU');
    await eventually(async () => expect(await effectsOf(sample.db)).toHaveLength(1));
    expect((await doomed.kill()).signal).toBe('SIGKILL');
    expect(await pendingOf(sample.db)).toBe(1);
    await spawn('relay');
    await eventually(async () => expect(sample.counter.deliveries).toBeGreaterThan(1), { timeoutMs: 8_000 });
    await eventually(async () => expect(await pendingOf(sample.db)).toBe(0));
    expect(await effectsOf(sample.db)).toEqual([{ _id: event.id, times: 1 }]);
  });

  it('between effect and ack leaves the message to another, which has no second effect', { timeout: 60_000 }, async () => {
    const sample = await start({ consumes: false });
    const doomed = await spawn('consumer', 'consumer.before-ack');
    // Until the queue is there the event would go to shop.unrouted.
    await eventually(() => doomed.output().includes('consuming sample.events'));
    const event = await sample.counter.produce(sample.db, 'SKU');
    await eventually(async () => expect(await effectsOf(sample.db)).toEqual([{ _id: event.id, times: 1 }]));
    expect((await doomed.kill()).signal).toBe('SIGKILL');
    const heir = await spawn('consumer');
    await eventually(() => heir.output().includes('consuming sample.events'));
    const next = await sample.counter.produce(sample.db, 'SKU');
    await eventually(async () => expect(await effectsOf(sample.db)).toHaveLength(2));
    expect((await effectsOf(sample.db)).toSorted((a, b) => a._id.localeCompare(b._id))).toEqual([event, next].map(({ id }) => ({ _id: id, times: 1 })));
  });
});
