import { RedisStateClient } from '@shopfleet/redis';
import { freshRedis } from '@shopfleet/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
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
