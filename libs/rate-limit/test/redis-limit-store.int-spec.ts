import { RedisStateClient } from '@shopfleet/redis';
import { freshRedis } from '@shopfleet/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RememberedRefusals } from '../src/remembered-refusals.ts';
import { RedisLimitStore } from '../src/redis-limit-store.ts';
import { limitStoreBehaviour } from './limit-store.behaviour.ts';

const clients: RedisStateClient[] = [];
let url: string;

beforeAll(async () => {
  url = await freshRedis('state');
  for (let i = 0; i < 4; i += 1) clients.push(new RedisStateClient(url));
});

afterAll(async () => {
  for (const client of clients) await client.onApplicationShutdown();
});

function client(i: number): RedisStateClient {
  const found = clients[i];
  if (found === undefined) throw new Error('no client');
  return found;
}

limitStoreBehaviour('RedisLimitStore', () => new RedisLimitStore(client(0)));
limitStoreBehaviour('RememberedRefusals over RedisLimitStore', () => new RememberedRefusals(new RedisLimitStore(client(0))));

it('allows exactly 100 of 1,000 uses over four connections', async () => {
  const stores = [0, 1, 2, 3].map((i) => new RedisLimitStore(client(i)));
  const use = { key: 'four', limit: 100, windowMs: 60_000 };
  const takings = await Promise.all(Array.from({ length: 1_000 }, (_, i) => (stores[i % 4] as RedisLimitStore).take([use])));
  expect(takings.filter((taking) => taking.allowed)).toHaveLength(100);
});

it('writes nothing for a refused use, so that a flood costs the disk nothing', async () => {
  const store = new RedisLimitStore(client(0));
  const use = { key: 'flood', limit: 1, windowMs: 60_000 };
  await store.take([use]);
  for (let i = 0; i < 10; i += 1) await store.take([use]);
  expect(await client(0).get('{limit}:flood')).toBe('1');
});

it('asks once for all uses of one turn of the event loop, each with limits of its own', async () => {
  const monitored = client(1);
  const store = new RedisLimitStore(monitored);
  await store.take([{ key: 'warm', limit: 1, windowMs: 60_000 }]);
  const before = await callsOf(monitored, 'evalsha');
  const wide = { key: 'wide', limit: 50, windowMs: 60_000 };
  const narrow = { key: 'narrow', limit: 20, windowMs: 60_000 };
  const takings = await Promise.all(Array.from({ length: 60 }, (_, i) => store.take(i % 2 === 0 ? [wide, narrow] : [wide])));
  expect(await callsOf(monitored, 'evalsha') - before).toBe(1);
  expect(takings.filter(({ allowed }) => allowed)).toHaveLength(50);
  expect(takings.filter(({ allowed }, i) => allowed && i % 2 === 0)).toHaveLength(20);
  expect(takings[58]).toMatchObject({ refusedBy: 1, states: [{ uses: 49 }, { uses: 20 }] });
});

it('writes to the disk only what has to survive a crash', async () => {
  const redis = client(2);
  const store = new RedisLimitStore(redis);
  const written = async (): Promise<number> => Number(/aof_current_size:(\d+)/u.exec(await redis.info('persistence'))?.[1]);
  await store.take([{ key: 'light', limit: 10, windowMs: 60_000 }]);
  const before = await written();
  await store.take([{ key: 'light', limit: 10, windowMs: 60_000 }, { key: 'fresh', limit: 10, windowMs: 60_000 }]);
  expect(await written()).toBe(before);
  await store.take([{ key: 'failure', limit: 10, windowMs: 60_000 }], { durable: true });
  expect(await written()).toBeGreaterThan(before);
});

async function callsOf(redis: RedisStateClient, command: string): Promise<number> {
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`, 'u').exec(await redis.info('commandstats'))?.[1] ?? 0);
}
