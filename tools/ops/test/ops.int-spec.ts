import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cache, CacheFamily } from '@shopfleet/cache';
import { exampleOf, paymentSucceeded, stockLow } from '@shopfleet/contracts';
import { DeadLetters, prepareBroker } from '@shopfleet/messaging';
import { RedisCacheClient } from '@shopfleet/redis';
import { eventually, freshRedis, freshVhost, inject } from '@shopfleet/testing';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../src/run.ts';

let environment: Record<string, string>;
let mongo: MongoClient;

beforeAll(async () => {
  const [rabbitmq, state, cache] = await Promise.all([freshVhost(), freshRedis('state'), freshRedis('cache')]);
  // An instance that was never started: everything comes from the environment.
  environment = { SHOPFLEET_INSTANCE: 'nowhere', RABBITMQ_URL: rabbitmq, REDIS_STATE_URL: state, REDIS_CACHE_URL: cache, MONGODB_URI: inject('servers').mongodb };
  mongo = await MongoClient.connect(environment['MONGODB_URI'] ?? '');
  for (const service of ['notification', 'order'] as const) await prepareBroker(rabbitmq, service);
});
afterAll(async () => {
  await mongo.close();
});

const opsIn = async (surroundings: Record<string, string>, ...args: string[]): Promise<{ code: number; out: string; problem: string }> => {
  const [out, problem]: [string[], string[]] = [[], []];
  const code = await run([...args, '--actor', 'test'], surroundings, (line) => out.push(line), (line) => problem.push(line));
  return { code, out: out.join('\n'), problem: problem.join('\n') };
};
const ops = async (...args: string[]) => await opsIn(environment, ...args);
const audits = async (action: string, target: string) =>
  await mongo.db('shop_notification').collection('outbox').countDocuments({ 'event.data.action': action, 'event.data.target': target, 'event.data.actor.id': 'operator:test', status: 'pending' });

/** Puts a message where the consumers of a service put what they give up. */
const bury = async (service: string, id: string, body: string): Promise<void> => {
  const letters = await DeadLetters.connect(environment['RABBITMQ_URL'] ?? '');
  await letters.bury({ service }, { id, type: stockLow.type, body, reason: 'invalid-data', error: 'ContractError: data.sku' });
  await letters.close();
};

test('dead letters are listed, shown, redriven with a corrected content, and discarded; each change is audited', async () => {
  await bury('notification', 'evt_bad', '{"id":');
  await bury('notification', 'evt_worse', '{}');
  const list = await ops('dlq', 'list');
  expect(list.code).toBe(0);
  expect(list.out).toMatch(/notification\s+evt_bad\s+stock\.low\.v1\s+invalid-data/u);
  expect((await ops('dlq', 'show', 'notification', 'evt_bad')).out).toContain('{"id":');

  const file = join(mkdtempSync(join(tmpdir(), 'ops-')), 'corrected.json');
  writeFileSync(file, '{"id":"evt_bad"}');
  expect((await ops('dlq', 'redrive', 'notification', '--id', 'evt_bad', '--body', file)).code, 'what would be put aside again at once is not sent').toBe(1);
  const another = exampleOf(stockLow, { id: 'evt_another' });
  writeFileSync(file, JSON.stringify(another));
  const refused = await ops('dlq', 'redrive', 'notification', '--id', 'evt_bad', '--body', file);
  expect([refused.code, refused.problem]).toEqual([1, expect.stringMatching(/id evt_another, the letter evt_bad: keep the id/u)]);
  writeFileSync(file, JSON.stringify(exampleOf(paymentSucceeded, { id: 'evt_bad' })));
  expect((await ops('dlq', 'redrive', 'notification', '--id', 'evt_bad', '--body', file)).problem).toContain('the letter a stock.low.v1: keep the type');
  expect(await audits('ops.dlq-redrive', 'evt_bad'), 'what was not sent is not audited').toBe(0);
  const sent = JSON.stringify(exampleOf(stockLow, { id: 'evt_bad' }));
  writeFileSync(file, sent);
  expect((await ops('dlq', 'redrive', 'notification', '--id', 'evt_bad', '--body', file)).out).toBe('1 sent again: evt_bad');
  const letters = await DeadLetters.connect(environment['RABBITMQ_URL'] ?? '');
  await eventually(async () => expect(await letters.depthOf('notification.events')).toMatchObject({ messages: 1 }));
  await letters.close();

  const careful = await ops('dlq', 'discard', 'notification', '--all');
  expect([careful.code, careful.problem]).toEqual([2, expect.stringContaining('--yes')]);
  expect((await ops('dlq', 'discard', 'notification', '--all', '--yes')).out).toBe('1 discarded: evt_worse');
  expect((await ops('dlq', 'list', 'notification')).out).toBe('Nothing was put aside.');
  expect(await audits('ops.dlq-list', 'all')).toBe(1);
  expect(await audits('ops.dlq-list', 'notification')).toBe(1);
  expect(await audits('ops.dlq-show', 'evt_bad')).toBe(1);
  expect(await audits('ops.dlq-redrive', 'evt_bad')).toBe(1);
  expect(await mongo.db('shop_notification').collection('outbox').findOne({ 'event.data.action': 'ops.dlq-redrive' })).toMatchObject({
    event: { data: { difference: { corrected: { new: true }, bodySent: { new: `sha256:${createHash('sha256').update(sent).digest('hex')}` } } } },
  });
  expect(await audits('ops.dlq-discard', 'evt_worse')).toBe(1);
});

test('messages that came without an id have one that stays, however often they are looked at; each can be discarded and is audited', async () => {
  const bodies = ['{', '[', '"'];
  for (const body of bodies) await bury('order', '', body);
  const idsByBody = async (): Promise<Map<string, string>> => {
    const { out } = await ops('dlq', 'list', 'order', '--json');
    const found = new Map<string, string>();
    // One after the other: what one command looks at, another does not see meanwhile.
    for (const { id } of JSON.parse(out) as { id: string }[]) {
      const shown = await ops('dlq', 'show', 'order', id, '--json');
      found.set((JSON.parse(shown.out) as { body: string }).body, id);
    }
    return found;
  };
  const ids = await idsByBody();
  expect([...ids.keys()].toSorted()).toEqual(bodies.toSorted());
  expect(await idsByBody()).toEqual(ids);
  const chosen = ids.get('[') ?? '';
  expect((await ops('dlq', 'discard', 'order', '--id', chosen, '--yes')).out).toBe(`1 discarded: ${chosen}`);
  ids.delete('[');
  expect(await idsByBody()).toEqual(ids);
  expect((await ops('dlq', 'discard', 'order', '--all', '--yes')).out).toMatch(/^2 discarded: letter_[0-9a-f]{16}, letter_[0-9a-f]{16}$/u);
  expect((await ops('dlq', 'list', 'order')).out).toBe('Nothing was put aside.');
  for (const id of [chosen, ...ids.values()]) expect(await audits('ops.dlq-discard', id)).toBe(1);
});

test('while the broker is away commands say so and what to do, and the queues of BullMQ are shown all the same', async () => {
  const away = (...args: string[]) => opsIn({ ...environment, RABBITMQ_URL: 'amqp://somebody:secret@127.0.0.1:1/shop' }, ...args);
  const list = await away('dlq', 'list');
  expect([list.code, list.problem]).toEqual([1, expect.stringMatching(/^RabbitMQ at 127\.0\.0\.1:1 cannot be used \(connect ECONNREFUSED 127\.0\.0\.1:1\): start it .*RABBITMQ_URL/u)]);
  const stats = await away('queue', 'stats');
  expect([stats.code, stats.problem, stats.out]).toEqual([1, list.problem, expect.stringMatching(/^BullMQ +waiting/u)]);
});

test('outbox and queues are shown', async () => {
  const { out, code } = await ops('outbox', 'status');
  expect(code).toBe(0);
  expect(out).toMatch(/order\s+\d+/u);
  expect(out).toMatch(/cart\s+0/u);
  const queues = await ops('queue', 'stats', '--json');
  expect((JSON.parse(queues.out) as { rabbitmq: { name: string; messages?: number }[] }).rabbitmq).toContainEqual({ name: 'order.events', messages: 0, consumers: 0 });
});

test('cached answers are cleared by pattern, and others stay', async () => {
  const redis = new RedisCacheClient(environment['REDIS_CACHE_URL'] ?? '');
  await redis.ping();
  const cache = new Cache({ namespace: 'product', client: redis });
  const family = new CacheFamily({ name: 'product-detail', ttlSeconds: 60 });
  let fills = 0;
  const fill = () => Promise.resolve({ json: (fills += 1) });
  const readFresh = async (key: string, tag: string): Promise<string> => {
    // Another worker, without the first one's memory.
    const other = new Cache({ namespace: 'product', client: redis });
    const { body } = await other.read(family, key, fill, [tag]);
    await other.drain();
    return body.toString();
  };
  expect([await readFresh('a', 'product:a'), await readFresh('b', 'other:b')]).toEqual(['1', '2']);
  expect((await ops('cache', 'clear', 'product:*')).out).toContain('1 tags are cleared');
  expect([await readFresh('a', 'product:a'), await readFresh('b', 'other:b')]).toEqual(['3', '2']);
  expect(await audits('ops.cache-clear', 'product:*')).toBe(1);
  await cache.drain();
  await redis.onApplicationShutdown();
});

test.each([[[], 2], [['nonsense'], 2], [['dlq', 'redrive', 'order'], 2], [['dlq', 'list', 'nobody'], 2], [['cache', 'clear', 'a b'], 2], [['--help'], 0]])('%j ends with %d and says what to type', async (args, code) => {
  const result = await ops(...args);
  expect(result.code).toBe(code);
  expect(`${result.out}${result.problem}`).toMatch(/npm run ops/u);
});
