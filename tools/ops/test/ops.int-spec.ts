import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cache, CacheFamily } from '@shopfleet/cache';
import { exampleOf, stockLow } from '@shopfleet/contracts';
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

const ops = async (...args: string[]): Promise<{ code: number; out: string; problem: string }> => {
  const [out, problem]: [string[], string[]] = [[], []];
  const code = await run([...args, '--actor', 'test'], environment, (line) => out.push(line), (line) => problem.push(line));
  return { code, out: out.join('\n'), problem: problem.join('\n') };
};
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
  writeFileSync(file, JSON.stringify(exampleOf(stockLow, { id: 'evt_bad' })));
  expect((await ops('dlq', 'redrive', 'notification', '--id', 'evt_bad', '--body', file)).out).toBe('1 sent again: evt_bad');
  const letters = await DeadLetters.connect(environment['RABBITMQ_URL'] ?? '');
  await eventually(async () => expect(await letters.depthOf('notification.events')).toMatchObject({ messages: 1 }));
  await letters.close();

  const careful = await ops('dlq', 'discard', 'notification', '--all');
  expect([careful.code, careful.problem]).toEqual([2, expect.stringContaining('--yes')]);
  expect((await ops('dlq', 'discard', 'notification', '--all', '--yes')).out).toBe('1 discarded: evt_worse');
  expect((await ops('dlq', 'list', 'notification')).out).toBe('Nothing was put aside.');
  expect(await audits('ops.dlq-redrive', 'evt_bad')).toBe(1);
  expect(await audits('ops.dlq-discard', 'evt_worse')).toBe(1);
});

test('messages that came without an id are discarded as well, each audited', async () => {
  for (const body of ['{', '[', '"']) await bury('order', '', body);
  expect((await ops('dlq', 'list', 'order')).out).toContain('position-3');
  expect((await ops('dlq', 'discard', 'order', '--all', '--yes')).out).toBe('3 discarded: position-1, position-2, position-3');
  expect((await ops('dlq', 'list', 'order')).out).toBe('Nothing was put aside.');
  expect(await audits('ops.dlq-discard', 'position-3')).toBe(1);
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
