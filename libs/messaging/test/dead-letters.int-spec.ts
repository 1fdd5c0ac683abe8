import { exampleOf, paymentSucceeded, stockLow, subscriptions, type Envelope } from '@shopfleet/contracts';
import { newId } from '@shopfleet/kernel';
import { eventually, freshVhost } from '@shopfleet/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeadLetters, deadQueue, eventExchange, EventPublisher, prepareBroker, serviceQueue, unroutedQueue } from '../src/index.ts';
import { lookAt, type Broker } from './broker.ts';
import { startConsumer, type ConsumerApp, type Handler } from './consumer-app.ts';

const service = 'sample';
const event = (sku: string): Envelope => exampleOf(stockLow, { id: newId('evt'), subject: sku, data: { ...stockLow.example, sku } });

describe('what was put aside', () => {
  let url: string;
  let broker: Broker;
  let letters: DeadLetters;
  let app: ConsumerApp | undefined;

  const start = async (handler: Handler, handlerTimeoutMs = 10_000): Promise<ConsumerApp> => {
    app = await startConsumer({ url, service, retryDelaysMs: [50], handlerTimeoutMs }, { [stockLow.type]: handler });
    await eventually(() => app?.check.check().then(() => true) ?? false);
    return app;
  };
  const raw = (body: string, type: string, messageId: string): void => {
    broker.channel.publish(eventExchange, type, Buffer.from(body), { persistent: true, messageId, type });
  };

  beforeEach(async () => {
    url = await freshVhost();
    [broker, letters] = await Promise.all([lookAt(url), DeadLetters.connect(url)]);
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
    await Promise.all([broker.close(), letters.close()]);
  });

  it('is poison of four kinds, which comes back by redrive once its cause is mended', { timeout: 60_000 }, async () => {
    const seen: string[] = [];
    let mended = false;
    await start(({ subject }) => {
      if (subject === 'THROWS' && !mended) throw new Error('no shelf for it');
      seen.push(subject);
    });
    const good = (subject: string, id: string): string => JSON.stringify({ ...event(subject), id });
    raw('{"id":', stockLow.type, 'evt_json');
    raw(JSON.stringify({ ...event('TYPE'), type: 'stock.exploded.v1', id: 'evt_type' }), stockLow.type, 'evt_type');
    raw(JSON.stringify({ ...event('SCHEMA'), data: { sku: 7 }, id: 'evt_schema' }), stockLow.type, 'evt_schema');
    raw(good('THROWS', 'evt_throws'), stockLow.type, 'evt_throws');
    raw(good('NEIGHBOUR', 'evt_neighbour'), stockLow.type, 'evt_neighbour');
    await eventually(async () => expect((await letters.list({ service })).length).toBe(4));
    await eventually(() => expect(seen).toEqual(['NEIGHBOUR']));
    const dead = new Map((await letters.list({ service })).map((letter) => [letter.id, letter]));
    expect(Object.fromEntries([...dead].map(([id, { reason, attempts }]) => [id, `${reason} ${attempts}`]))).toEqual({
      evt_json: 'unreadable 1', evt_type: 'unknown-type 1', evt_schema: 'invalid-data 1', evt_throws: 'attempts-exhausted 2',
    });
    // Looking took nothing away.
    expect(await letters.depthOf(deadQueue(service))).toMatchObject({ messages: 4 });

    mended = true;
    expect(await letters.redrive({ service }, { id: 'evt_throws' })).toHaveLength(1);
    await letters.redrive({ service }, { id: 'evt_json' }, { body: good('JSON', 'evt_json') });
    await letters.redrive({ service }, { id: 'evt_type' }, { body: good('TYPE', 'evt_type') });
    await letters.redrive({ service }, { id: 'evt_schema' }, { body: good('SCHEMA', 'evt_schema') });
    await eventually(() => expect(seen.toSorted()).toEqual(['JSON', 'NEIGHBOUR', 'SCHEMA', 'THROWS', 'TYPE']));
    expect(await letters.list({ service })).toEqual([]);
    await eventually(async () => expect(await broker.depth(serviceQueue(service))).toBe(0));
  });

  it('is dead again, and says how often it was tried, when nothing was mended', async () => {
    await start(() => Promise.reject(new Error('still no shelf')));
    raw(JSON.stringify({ ...event('A'), id: 'evt_a' }), stockLow.type, 'evt_a');
    await eventually(async () => expect(await letters.list({ service })).toHaveLength(1));
    await letters.redrive({ service });
    await eventually(async () => expect(await letters.list({ service })).toMatchObject([{ id: 'evt_a', redrives: 1, attempts: 2, lastError: 'Error: still no shelf' }]));
    expect(await letters.discard({ service }, { id: 'evt_other' })).toEqual([]);
    expect(await letters.discard({ service }, { id: 'evt_a' })).toHaveLength(1);
    expect(await letters.list({ service })).toEqual([]);
  });

  it('is all there for whoever looks again at once', async () => {
    const ids = Array.from({ length: 40 }, (_, i) => `evt_${i}`);
    await prepareBroker(url, 'order');
    await Promise.all(ids.map((id) => letters.bury({ service: 'order' }, { id, type: stockLow.type, body: '{}', reason: 'unreadable', error: 'none' })));
    for (let look = 0; look < 20; look += 1) {
      const found = await letters.list({ service: 'order' });
      expect([look, found.length, (await letters.depthOf(deadQueue('order')))?.messages]).toEqual([look, 40, 40]);
    }
  });

  it('may be what nobody was bound for; it reaches whoever is bound by now', async () => {
    const publisher = new EventPublisher({ url, service: 'producer' });
    await eventually(() => publisher.available);
    const early = event('EARLY');
    expect((await publisher.publish([early])).failed).toEqual([]);
    await eventually(async () => expect(await letters.list('unrouted')).toMatchObject([{ id: early.id, reason: 'unrouted', type: stockLow.type }]));
    const seen: string[] = [];
    await start(({ subject }) => void seen.push(subject));
    await letters.redrive('unrouted');
    await eventually(() => expect(seen).toEqual(['EARLY']));
    expect(await letters.depthOf(unroutedQueue)).toMatchObject({ messages: 0 });
    await publisher.onApplicationShutdown();
  });

  it('is of the type that its corrected content says', async () => {
    const unknown = 'stock.exploded.v1';
    const corrected = (id: string): { body: string } => ({ body: JSON.stringify({ ...event('MENDED'), id }) });
    const exploded = (id: string): string => JSON.stringify({ ...event('X'), type: unknown, id });
    const tried: string[] = [];
    await start(({ id }) => {
      tried.push(id);
      throw new Error('no shelf for it');
    });
    raw(exploded('evt_unrouted'), unknown, 'evt_unrouted');
    await eventually(async () => expect(await letters.list('unrouted')).toMatchObject([{ id: 'evt_unrouted', type: unknown }]));
    await letters.redrive('unrouted', { id: 'evt_unrouted' }, corrected('evt_unrouted'));
    await letters.bury({ service }, { id: 'evt_dead', type: unknown, body: exploded('evt_dead'), reason: 'unknown-type', error: 'none' });
    await letters.redrive({ service }, { id: 'evt_dead' }, corrected('evt_dead'));
    await eventually(async () => expect((await letters.list({ service })).map(({ id, type, reason }) => [id, type, reason]).toSorted()).toEqual([
      ['evt_dead', stockLow.type, 'attempts-exhausted'], ['evt_unrouted', stockLow.type, 'attempts-exhausted'],
    ]));
    expect(new Set(tried)).toEqual(new Set(['evt_dead', 'evt_unrouted']));
    expect(await letters.list('unrouted')).toEqual([]);
  });

  it('is nothing that no service is to hear of, which still reaches whoever has bound it', async () => {
    const publisher = new EventPublisher({ url, service: 'producer' });
    await eventually(() => publisher.available);
    const { queue } = await broker.channel.assertQueue('', { exclusive: true });
    await broker.channel.bindQueue(queue, eventExchange, paymentSucceeded.type);
    const unheard = [1, 2].map(() => exampleOf(paymentSucceeded, { id: newId('evt') }));
    expect((await publisher.publish([...unheard, event('EARLY')])).failed).toEqual([]);
    await eventually(async () => expect(await broker.depth(queue)).toBe(2));
    await eventually(async () => expect((await letters.list('unrouted')).map(({ type }) => type)).toEqual([stockLow.type]));
    await broker.channel.deleteQueue(queue);
    expect((await publisher.publish([exampleOf(paymentSucceeded, { id: newId('evt') }), event('LATER')])).failed).toEqual([]);
    await eventually(async () => expect((await letters.list('unrouted')).map(({ type }) => type)).toEqual([stockLow.type, stockLow.type]));
    await publisher.onApplicationShutdown();
  });

  it('includes an event whose handler hangs: each try ends after its time, and the others are handled meanwhile', async () => {
    const seen: string[] = [];
    await start(({ subject }) => (subject === 'HANGS' ? new Promise<void>(() => undefined) : void seen.push(subject)), 200);
    raw(JSON.stringify({ ...event('HANGS'), id: 'evt_hangs' }), stockLow.type, 'evt_hangs');
    raw(JSON.stringify({ ...event('B'), id: 'evt_b' }), stockLow.type, 'evt_b');
    await eventually(async () => expect(await letters.list({ service })).toMatchObject([{ id: 'evt_hangs', reason: 'attempts-exhausted', attempts: 2 }]));
    expect((await letters.list({ service }))[0]?.lastError).toContain('did not finish within 0.2 s');
    expect(seen).toEqual(['B']);
  });

  it('is nothing when the migration has declared the queues before the consumer was ever up', async () => {
    const services = Object.keys(subscriptions) as (keyof typeof subscriptions)[];
    for (const name of services) expect(await prepareBroker(url, name)).toEqual({ mismatched: [] });
    const publisher = new EventPublisher({ url, service: 'product' });
    await eventually(() => publisher.available);
    await publisher.publish([event('EARLY')]);
    await eventually(async () => expect(await broker.depth(serviceQueue('notification'))).toBe(1));
    expect(await letters.list('unrouted')).toEqual([]);
    await publisher.onApplicationShutdown();
  });

  it('cannot be declared without a broker, and the migration says what to do', async () => {
    await expect(prepareBroker('amqp://127.0.0.1:1', 'order', { patienceMs: 300 })).rejects.toThrow('start it, check RABBITMQ_URL and run the migration again');
  });
});
