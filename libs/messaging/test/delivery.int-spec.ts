import { exampleOf, stockLow, stockReleased, userErased, userVerified, type Envelope } from '@shopfleet/contracts';
import { AppError, currentRequest, newId } from '@shopfleet/kernel';
import { eventually, freshVhost } from '@shopfleet/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deadQueue, eventExchange, serviceQueue, unroutedQueue, UnprocessableEvent } from '../src/index.ts';
import { lookAt, type Broker } from './broker.ts';
import { startConsumer, type ConsumerApp, type Handler } from './consumer-app.ts';

const retryDelaysMs = [50, 100, 200];
const service = 'sample';

describe('an event on its way to a handler', () => {
  let url: string;
  let broker: Broker;
  let app: ConsumerApp | undefined;

  const start = async (...controllers: Record<string, Handler>[]): Promise<ConsumerApp> => {
    app = await startConsumer({ url, service, retryDelaysMs }, ...controllers);
    await eventually(() => app?.check.check().then(() => true) ?? false);
    return app;
  };
  const event = (sku: string): Envelope => exampleOf(stockLow, { id: newId('evt'), subject: sku, data: { ...stockLow.example, sku } });
  const publish = async (...events: Envelope[]): Promise<void> => {
    const report = await app?.publisher.publish(events);
    expect(report?.failed).toEqual([]);
  };
  const raw = (body: string, type: string): void => {
    broker.channel.publish(eventExchange, type, Buffer.from(body), { persistent: true, messageId: newId('evt'), type });
  };

  beforeEach(async () => {
    url = await freshVhost();
    broker = await lookAt(url);
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
    await broker.close();
  });

  it('arrives as it was sent, inside the request context of its cause', async () => {
    const seen: unknown[] = [];
    await start({ [stockLow.type]: (received) => void seen.push(received, currentRequest()) });
    const sent = event('A');
    await publish(sent);
    await eventually(() => expect(seen).toEqual([sent, { requestId: sent.correlationId, traceparent: sent.traceparent }]));
  });

  it('is acked only after the promise of its handler has resolved', async () => {
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    let begun = false;
    const { strategy } = await start({ [stockLow.type]: () => ((begun = true), finished) });
    await publish(event('A'));
    await eventually(() => begun);
    const draining = strategy.drain();
    const state = await Promise.race([draining.then(() => 'drained'), broker.depth(serviceQueue(service)).then(() => 'in hand')]);
    expect(state).toBe('in hand');
    finish();
    await draining;
    await app?.close();
    app = undefined;
    expect(await broker.depth(serviceQueue(service))).toBe(0);
  });

  it('has thirty seconds in its handler, unless the service says otherwise', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout');
    try {
      const armed: unknown[] = [];
      await start({ [stockLow.type]: () => void armed.push(timers.mock.calls.some(([, ms]) => ms === 30_000)) });
      timers.mockClear();
      await publish(event('A'));
      await eventually(() => expect(armed).toEqual([true]));
    } finally {
      timers.mockRestore();
    }
  });

  it('is left in the queue by a consumer that drains', async () => {
    const seen: string[] = [];
    const { strategy } = await start({ [stockLow.type]: ({ subject }) => void seen.push(subject) });
    await strategy.drain();
    await publish(event('A'));
    expect(seen).toEqual([]);
    expect(await broker.depth(serviceQueue(service))).toBe(1);
  });

  it('meets others of its time in one worker for as long as that has room, and goes to the next then', async () => {
    const gate = Promise.withResolvers<void>();
    const inHand = [0, 0];
    const worker = (number: 0 | 1): Promise<ConsumerApp> =>
      startConsumer({ url, service, retryDelaysMs, prefetch: 3 }, { [stockLow.type]: () => ((inHand[number] = (inHand[number] ?? 0) + 1), gate.promise) });
    app = await worker(0);
    const other = await worker(1);
    try {
      await eventually(() => Promise.all([app?.check.check(), other.check.check()]).then(() => true));
      await publish(event('A'), event('B'), event('C'));
      await eventually(() => expect(inHand.toSorted()).toEqual([0, 3]));
      await publish(event('D'));
      await eventually(() => expect(inHand.toSorted()).toEqual([1, 3]));
    } finally {
      gate.resolve();
      await other.close();
    }
  });

  it('is tried again after each delay and then dead, with the reason, while its neighbours get through', async () => {
    const tries: number[] = [];
    const seen: string[] = [];
    const begun = performance.now();
    await start({
      [stockLow.type]: ({ subject }) => {
        if (subject !== 'POISON') return void seen.push(subject);
        tries.push(performance.now() - begun);
        throw new Error('no shelf for it', { cause: new Error('shelf 7 is full') });
      },
    });
    const poison = event('POISON');
    await publish(event('A'), poison, event('B'));
    await eventually(async () => expect(await broker.depth(deadQueue(service))).toBe(1));
    expect(seen.toSorted()).toEqual(['A', 'B']);
    expect(tries).toHaveLength(4);
    const [dead] = await broker.takeAll(deadQueue(service));
    expect(JSON.parse(String(dead?.content))).toEqual(poison);
    expect(dead?.properties).toMatchObject({ messageId: poison.id, type: stockLow.type, contentType: 'application/json', deliveryMode: 2 });
    expect(dead?.properties.headers).toMatchObject({
      'x-dead-reason': 'attempts-exhausted',
      'x-last-error': 'Error: no shelf for it ← Error: shelf 7 is full',
      'x-attempt': 4,
      'x-failed-queue': 'sample.events',
      traceparent: poison.traceparent,
    });
    expect(await broker.depth(serviceQueue(service))).toBe(0);
  });

  it.each([
    ['that is not JSON', '{"id":', stockLow.type, 'unreadable'],
    ['that is no envelope', '"hello"', stockLow.type, 'unreadable'],
    ['of an unknown type', JSON.stringify({ ...exampleOf(stockLow), type: 'stock.exploded.v1' }), stockLow.type, 'unknown-type'],
    ['against its schema', JSON.stringify({ ...exampleOf(stockLow), data: { sku: 7 } }), stockLow.type, 'invalid-data'],
  ])('is dead at its first try when it is a message %s', async (_name, body, type, reason) => {
    const seen: string[] = [];
    await start({ [stockLow.type]: ({ subject }) => void seen.push(subject) });
    raw(body, type);
    await publish(event('A'));
    await eventually(async () => expect(await broker.depth(deadQueue(service))).toBe(1));
    const [dead] = await broker.takeAll(deadQueue(service));
    expect(dead?.properties.headers).toMatchObject({ 'x-dead-reason': reason, 'x-attempt': 1 });
    expect(String(dead?.content)).toBe(body);
    await eventually(() => expect(seen).toEqual(['A']));
  });

  it('is dead at once when its handler says that it never can', async () => {
    let tries = 0;
    await start({
      [stockLow.type]: () => {
        tries += 1;
        throw new UnprocessableEvent('there is no such SKU');
      },
    });
    await publish(event('A'));
    await eventually(async () => expect(await broker.depth(deadQueue(service))).toBe(1));
    expect(tries).toBe(1);
  });

  it('uses up no attempt while a dependency is away', async () => {
    let tries = 0;
    await start({
      [stockLow.type]: () => {
        tries += 1;
        if (tries < 8) throw new AppError('dependency-unavailable', { detail: 'The database does not answer.' });
      },
    });
    await publish(event('A'));
    await eventually(() => expect(tries).toBe(8));
    await app?.close();
    app = undefined;
    expect(await broker.depth(deadQueue(service))).toBe(0);
    expect(await broker.depth(serviceQueue(service))).toBe(0);
  });

  it('reaches every handler of the service, also beside one that fails', async () => {
    let fails = 1;
    const seen: string[] = [];
    await start(
      {
        [stockLow.type]: () => {
          if (fails-- > 0) throw new Error('not now');
          seen.push('first');
        },
      },
      { [stockLow.type]: () => void seen.push('second') },
    );
    await publish(event('A'));
    await eventually(() => expect(seen).toEqual(['second', 'first', 'second']));
  });

  it('comes only where it is handled, and is kept in shop.unrouted when that is nowhere', async () => {
    const seen: string[] = [];
    await start({ [userErased.type]: ({ type }) => void seen.push(type) });
    await publish(event('A'), exampleOf(userErased, { id: newId('evt') }));
    await eventually(() => expect(seen).toEqual([userErased.type]));
    const [kept] = await broker.takeAll(unroutedQueue);
    expect(kept?.properties.type).toBe(stockLow.type);
  });

  it('is taken out by the broker when its workers keep dying of it', async () => {
    const first = await start({ [stockLow.type]: () => undefined });
    await first.strategy.drain();
    await publish(event('DEADLY'));
    for (let death = 0; death < 40; death += 1) {
      const message = await broker.channel.get(serviceQueue(service));
      if (message !== false) broker.channel.nack(message, false, true);
    }
    await eventually(async () => expect(await broker.depth(deadQueue(service))).toBe(1));
    const [dead] = await broker.takeAll(deadQueue(service));
    expect(dead?.properties.headers?.['x-first-death-reason']).toBe('delivery_limit');
  });

  it('finds its queue although that was declared with other arguments', async () => {
    await broker.channel.assertQueue(serviceQueue(service), { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    const seen: string[] = [];
    await start({ [stockLow.type]: ({ subject }) => void seen.push(subject) });
    await publish(event('A'));
    await eventually(() => expect(seen).toEqual(['A']));
  });

  it('goes out in order within a subject, each after the confirm of the one before', async () => {
    const seen: string[] = [];
    await start({ [stockReleased.type]: ({ id }) => void seen.push(id) });
    const events = ['A', 'B', 'A', 'A', 'B'].map((subject, index) => exampleOf(stockReleased, { id: `evt_${index}`, subject }));
    const report = await app?.publisher.publish(events);
    expect(report).toEqual({ confirmed: ['evt_0', 'evt_1', 'evt_2', 'evt_4', 'evt_3'], failed: [] });
    await eventually(() => expect(seen).toEqual(['evt_0', 'evt_1', 'evt_2', 'evt_4', 'evt_3']));
  });

  it('stops the start when no contract defines it', async () => {
    await expect(startConsumer({ url, service }, { 'stock.exploded.v1': () => undefined })).rejects.toThrow('stock.exploded.v1');
  });

  it('publishes and handles thousands a second (measured, no bound)', async () => {
    let handled = 0;
    await start({ [userVerified.type]: () => void (handled += 1) });
    const events = Array.from({ length: 4_000 }, (_, index) => exampleOf(userVerified, { id: `evt_${index}`, subject: `usr_${index}` }));
    const begun = performance.now();
    for (let from = 0; from < events.length; from += 200) await publish(...events.slice(from, from + 200));
    const published = performance.now();
    await eventually(() => expect(handled).toBe(4_000), { timeoutMs: 20_000 });
    const rate = (ms: number): number => Math.round(4_000_000 / ms);
    process.stderr.write(`published ${rate(published - begun)}/s with confirms, handled ${rate(performance.now() - begun)}/s\n`);
  });
});
