import { createEvent, exampleOf, stockLow, type Envelope } from '@shopfleet/contracts';
import { newId, requestContext } from '@shopfleet/kernel';
import { eventually, freshDatabase, freshVhost, killServer, restartServer } from '@shopfleet/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutboxRow } from '../src/index.ts';
import { effectsOf, LocalBell, pendingOf, startSample, type SampleApp, type SampleOptions } from './sample-app.ts';

const subjects = (count: number): string[] => Array.from({ length: count }, (_, index) => `SKU-${index}`);

describe('an event that is recorded with its cause', () => {
  let servers: { mongodb: string; rabbitmq: string };
  let apps: SampleApp[] = [];
  let brokerAway = false;

  const start = async (options: Partial<SampleOptions> = {}): Promise<SampleApp> => {
    const app = await startSample({ ...servers, ...options });
    apps.push(app);
    return app;
  };
  const connected = async (app: SampleApp): Promise<SampleApp> => {
    await eventually(() => app.check.check().then(() => true), { timeoutMs: 15_000 });
    return app;
  };

  beforeEach(async () => {
    servers = { mongodb: freshDatabase(), rabbitmq: await freshVhost() };
  });
  afterEach(async () => {
    if (brokerAway) await restartServer('rabbitmq');
    brokerAway = false;
    await Promise.all(apps.map((app) => app.close()));
    apps = [];
  });

  it('has its effect once', async () => {
    const app = await connected(await start());
    const event = await app.counter.produce(app.db, 'SKU');
    await eventually(async () => expect(await effectsOf(app.db)).toEqual([{ _id: event.id, times: 1 }]));
    await eventually(async () => expect(await pendingOf(app.db)).toBe(0));
    expect(await app.db.collection('outbox').findOne({})).toMatchObject({ status: 'sent', sentAt: expect.any(Date) as Date });
  });

  it('is not published when the transaction is rolled back', async () => {
    const app = await connected(await start());
    await expect(
      app.counter.produce(app.db, 'SKU', () => {
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    const kept = await app.counter.produce(app.db, 'OTHER');
    await eventually(async () => expect(await effectsOf(app.db)).toEqual([{ _id: kept.id, times: 1 }]));
    expect(await app.db.collection('outbox').countDocuments()).toBe(1);
    expect(await app.db.collection('facts').countDocuments()).toBe(1);
  });

  it('has its effect once also when many come at once, doubled, with one that fails among them', async () => {
    const app = await start({ consumes: false });
    const count = app.counter.countTogether(app.db);
    const events = [...subjects(20), 'POISON', ...subjects(20)].map((subject) => createEvent(stockLow, { source: 'sample', subject, data: stockLow.example }));
    const results = await Promise.allSettled([...events, ...events].map((event) => count(event)));
    const good = events.filter(({ subject }) => subject !== 'POISON');
    expect((await effectsOf(app.db)).map(({ _id, times }) => `${_id} ${times}`).sort()).toEqual(good.map(({ id }) => `${id} 1`).sort());
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(2);
    expect(results.flatMap((result) => (result.status === 'fulfilled' && result.value !== undefined ? [result.value] : [])).sort()).toEqual(good.map(({ id }) => id).sort());
    expect(Math.max(...app.counter.rounds.map(({ length }) => length))).toBeGreaterThan(10);
    expect(await app.db.collection('inbox').countDocuments({ _id: /^sample\.together:/u as never })).toBe(good.length);
  });

  it('cannot be recorded outside of a transaction', async () => {
    const app = await start();
    const event = createEvent(stockLow, { source: 'sample', subject: 'SKU', data: stockLow.example });
    await app.client.withSession(async (session) => {
      await expect(app.outbox.append(session, [event])).rejects.toThrow('Transactions.run');
    });
  });

  it('is published soon after the commit, by whichever worker leads', async () => {
    const [one, two] = [await connected(await start()), await connected(await start())];
    expect([one.relay.leads, two.relay.leads]).toEqual([true, false]);
    const latencies: number[] = [];
    for (const app of [one, two, one, two, one, two]) {
      const begun = performance.now();
      const event = await app.counter.produce(app.db, 'SKU');
      await eventually(async () => expect(await app.db.collection('effects').findOne({ _id: event.id as never })).not.toBeNull(), { intervalMs: 5 });
      latencies.push(Math.round(performance.now() - begun));
    }
    process.stderr.write(`commit to effect, leader and follower in turn: ${latencies.join(', ')} ms\n`);
    expect(Math.min(...latencies.slice(2))).toBeLessThan(500);
  });

  it('is rung for where there is a bell, so that nobody has to look for it', async () => {
    // Looks so seldom that only the bell can be in time.
    const seldom = { bell: LocalBell, pollMs: 60_000, leaseTtlMs: 180_000 };
    const [one, two] = [await connected(await start(seldom)), await connected(await start(seldom))];
    expect([one.relay.leads, two.relay.leads]).toEqual([true, false]);
    for (const app of [two, one, two]) {
      const event = await app.counter.produce(app.db, 'SKU');
      await eventually(async () => expect(await app.db.collection('effects').findOne({ _id: event.id as never })).not.toBeNull());
    }
    await eventually(async () => expect(await pendingOf(one.db)).toBe(0));
  });

  it('goes out in the order of the commits of its subject, also when many processes write', { timeout: 60_000 }, async () => {
    const workers = [await start({ consumes: false }), await start({ consumes: false }), await start({ consumes: false })];
    // Each of them changes the same two documents again and again; write conflicts put them in a row.
    await Promise.all(
      workers.map(async (app) => {
        for (let round = 0; round < 15; round += 1) await app.counter.produce(app.db, `SKU-${round % 2}`);
      }),
    );
    const [app] = workers;
    const rows = (await app?.db.collection<OutboxRow>('outbox').find().sort({ seq: 1 }).toArray()) ?? [];
    expect(rows).toHaveLength(45);
    expect(new Set(rows.map(({ seq }) => seq.toString())).size).toBe(45);
    // `available` carries the version that the commit gave to the fact.
    for (const subject of ['SKU-0', 'SKU-1']) {
      const versions = rows.filter(({ event }) => event.subject === subject).map(({ event }) => (event.data as { available: number }).available);
      expect(versions).toEqual(versions.map((_, index) => index + 1));
    }
  });

  it('survives a broker that is killed between commit and publish, also for a whole backlog', { timeout: 90_000 }, async () => {
    const app = await connected(await start());
    brokerAway = true;
    await killServer('rabbitmq');
    const begun = performance.now();
    const events: Envelope[] = [];
    for (const subject of subjects(50)) events.push(await app.counter.produce(app.db, subject));
    // Taking orders does not wait for the broker.
    expect((performance.now() - begun) / 50).toBeLessThan(200);
    expect(await pendingOf(app.db)).toBe(50);
    await restartServer('rabbitmq');
    brokerAway = false;
    const back = performance.now();
    await eventually(async () => expect(await effectsOf(app.db)).toHaveLength(50), { timeoutMs: 30_000 });
    process.stderr.write(`backlog of 50 worked off ${Math.round(performance.now() - back)} ms after the broker was back\n`);
    expect(await effectsOf(app.db)).toEqual(expect.arrayContaining(events.map(({ id }) => ({ _id: id, times: 1 }))));
    await eventually(async () => expect(await pendingOf(app.db)).toBe(0));
  });

  it('is recorded while the broker is away from the start, waits in the database alone, and goes out when it comes', { timeout: 90_000 }, async () => {
    // Once before, so that the queue is there.
    await (await connected(await start())).close();
    apps = [];
    brokerAway = true;
    await killServer('rabbitmq');
    const app = await start();
    const events: Envelope[] = [];
    for (const subject of subjects(50)) events.push(await app.counter.produce(app.db, subject));
    await eventually(() => app.relay.leads);
    expect((await app.publisher.publish(events)).confirmed, 'nothing is buffered: an event is taken by the broker or refused').toEqual([]);
    expect(await pendingOf(app.db)).toBe(50);
    await restartServer('rabbitmq');
    brokerAway = false;
    await eventually(async () => expect(await effectsOf(app.db)).toHaveLength(50), { timeoutMs: 30_000 });
    expect(app.counter.deliveries).toBe(50);
    await eventually(async () => expect(await pendingOf(app.db)).toBe(0));
  });

  it('carries the trace and the request id of its cause to the effect, and to what follows from it', async () => {
    const app = await connected(await start());
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const cause = await requestContext.run({ requestId: 'request-of-the-test', traceparent }, () => app.counter.produce(app.db, 'SKU'));
    await eventually(() => expect(app.counter.contexts.get(cause.id)).toEqual({ requestId: 'request-of-the-test', traceparent }));
  });

  it('survives a broker that is killed in the middle of publishing and consuming', { timeout: 90_000 }, async () => {
    const app = await connected(await start());
    const producing = Promise.all(
      [0, 1, 2, 3].map(async (lane) => {
        for (let round = 0; round < 100; round += 1) await app.counter.produce(app.db, `SKU-${lane}-${round % 10}`);
      }),
    );
    await eventually(async () => (await effectsOf(app.db)).length > 20, { intervalMs: 10 });
    brokerAway = true;
    await killServer('rabbitmq');
    const atKill = await pendingOf(app.db);
    await producing;
    await restartServer('rabbitmq');
    brokerAway = false;
    await eventually(async () => expect(await effectsOf(app.db)).toHaveLength(400), { timeoutMs: 30_000 });
    expect((await effectsOf(app.db)).filter(({ times }) => times !== 1)).toEqual([]);
    process.stderr.write(`killed with ${atKill} pending; 400 effects of ${app.counter.deliveries} deliveries\n`);
  });

  it('has one effect of three deliveries in any order, also at once', async () => {
    const app = await start();
    const events = subjects(20).map((subject) => exampleOf(stockLow, { id: newId('evt'), subject }));
    const deliveries = [...events, ...events, ...events].toSorted(() => Math.random() - 0.5);
    const made = await Promise.all(deliveries.map((event) => app.counter.consume(app.db, event)));
    expect(made.filter((first) => first)).toHaveLength(20);
    expect((await effectsOf(app.db)).map(({ times }) => times)).toEqual(events.map(() => 1));
  });

  it('is not noted as handled when its effect fails', async () => {
    const app = await start();
    const event = exampleOf(stockLow, { id: newId('evt') });
    await expect(app.inbox.once('sample', event, () => Promise.reject(new Error('shelf is full')))).rejects.toThrow('shelf is full');
    expect(await app.inbox.once('sample', event, () => Promise.resolve())).toBe(true);
    expect(await app.inbox.once('sample', event, () => Promise.resolve())).toBe(false);
    expect(await app.inbox.once('another consumer', event, () => Promise.resolve())).toBe(true);
  });

  it('is published by another worker at once when the leader stops', async () => {
    const one = await connected(await start());
    const two = await connected(await start());
    await one.close();
    apps = [two];
    await eventually(() => two.relay.leads, { timeoutMs: 3_000 });
    const event = await two.counter.produce(two.db, 'SKU');
    await eventually(async () => expect(await effectsOf(two.db)).toEqual([{ _id: event.id, times: 1 }]));
  });

  it('is worked off from a full outbox at a good rate (measured, no bound)', { timeout: 120_000 }, async () => {
    // Once, so that the queue is there: what is published before anybody has bound it goes to shop.unrouted.
    await (await connected(await start())).close();
    apps = [];
    const filler = await start({ consumes: false });
    await filler.relay.drain();
    const rows = Array.from({ length: 3_000 }, () => exampleOf(stockLow, { id: newId('evt'), subject: newId('sku') }));
    for (let from = 0; from < rows.length; from += 500) {
      await filler.transactions.run((session) => filler.outbox.append(session, rows.slice(from, from + 500)), { timeoutMs: 20_000 });
    }
    const begun = performance.now();
    const app = await start();
    await eventually(async () => (await pendingOf(app.db)) === 0, { timeoutMs: 60_000 });
    const published = performance.now();
    await eventually(async () => (await app.db.collection('effects').estimatedDocumentCount()) === 3_000, { timeoutMs: 60_000 });
    const worked = performance.now();
    const [queue, floorEvents] = [Array.from({ length: 1_000 }, () => exampleOf(stockLow, { id: newId('evt') })), 1_000];
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        for (let event = queue.pop(); event !== undefined; event = queue.pop()) await app.counter.consume(app.db, event);
      }),
    );
    const floor = (performance.now() - worked) / floorEvents;
    const perEvent = (until: number): number => (until - begun) / 3_000;
    const rate = (ms: number): string => `${Math.round(1_000 / ms)}/s`;
    process.stderr.write(
      `outbox to broker ${rate(perEvent(published))}, outbox to effect ${rate(perEvent(worked))}, one transaction per event alone ${rate(floor)}: ratio ${(floor / perEvent(worked)).toFixed(2)} (one worker, its start included)\n`,
    );
  });
});
