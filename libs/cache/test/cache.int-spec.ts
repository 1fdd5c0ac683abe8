import { randomUUID } from 'node:crypto';
import { AppError } from '@shopfleet/kernel';
import { RedisCacheClient } from '@shopfleet/redis';
import { eventually, freshRedis, killServer, restartServer } from '@shopfleet/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Cache, CacheFamily } from '../src/index.ts';
import { behavesLikeACache, family, Source, valueOf } from './cache.behaviour.ts';

const clients: RedisCacheClient[] = [];
const caches: Cache[] = [];

async function openCache(url: string, namespace: string, options: { peakMode?: boolean; maxBytes?: number } = {}): Promise<Cache> {
  const client = new RedisCacheClient(url);
  clients.push(client);
  const cache = new Cache({ namespace, client, ...options });
  caches.push(cache);
  await cache.listen();
  return cache;
}

afterEach(async () => {
  await Promise.all(caches.splice(0).map((cache) => cache.drain()));
  await Promise.all(clients.splice(0).map((client) => client.onApplicationShutdown()));
});

behavesLikeACache('a cache in memory alone', () => Promise.resolve(new Cache({ namespace: 'test' })));
behavesLikeACache('a cache over Redis', async () => openCache(await freshRedis('cache'), randomUUID()));

describe('two workers over one Redis', () => {
  let one: Cache;
  let two: Cache;
  let source: Source;
  beforeEach(async () => {
    const url = await freshRedis('cache');
    const namespace = randomUUID();
    [one, two] = [await openCache(url, namespace), await openCache(url, namespace)];
    source = new Source();
  });

  it('share what one of them has read', async () => {
    await one.read(family, 'a', source.fill);
    await eventually(async () => expect((await two.read(family, 'a', source.fill)).tier).toMatch(/L[12]/u));
    expect(source.reads).toBe(1);
  });

  it('name to whoever fills the state of its tags: the same in both until one of them invalidates', async () => {
    const generations: (string | undefined)[] = [];
    const fill = (generation: string | undefined) => Promise.resolve({ json: generations.push(generation) });
    await one.read(family, 'a', fill, ['product:1']);
    await two.read(family, 'b', fill, ['product:1']);
    await one.invalidate(['product:2']);
    await one.read(family, 'c', fill, ['product:1']);
    expect(generations[0]).toBeDefined();
    expect(new Set(generations).size).toBe(1);
    await two.invalidate(['product:1']);
    await one.read(family, 'd', fill, ['product:1']);
    expect(generations[3]).toBeDefined();
    expect(generations[3]).not.toBe(generations[0]);
  });

  it('take what Redis holds of an answer for none where it is damaged, and go on sharing', async () => {
    const redis = clients[0] as RedisCacheClient;
    const answerKey = async (key: string): Promise<string> => (await redis.keys('*:answer:*')).find((name) => name.includes(key)) ?? '';
    await one.read(family, 'damaged', source.fill);
    await eventually(async () => expect(await answerKey('damaged')).not.toBe(''));
    const whole = (await redis.getBuffer(await answerKey('damaged'))) as Buffer;
    await one.read(family, 'whole', source.fill);
    await eventually(async () => expect(await answerKey('whole')).not.toBe(''));
    for (const length of [0, 3, 20, whole.length - 30, whole.length - 1]) {
      const name = `damaged-${length}`;
      await redis.set((await answerKey('damaged')).replace('damaged', name), whole.subarray(0, length));
      expect((await two.read(family, name, source.fill)).tier).toBe('MISS');
    }
    // Nobody took Redis for being away.
    expect((await two.read(family, 'whole', source.fill)).tier).toBe('L2');
  });

  it('read the source once when five hundred ask both at once', async () => {
    const release = source.hold();
    setTimeout(release, 100);
    const answers = await Promise.all(Array.from({ length: 500 }, (_, index) => (index % 2 === 0 ? one : two).read(family, 'a', source.fill)));
    expect(source.reads).toBe(1);
    expect(new Set(answers.map(({ etag }) => etag)).size).toBe(1);
  });

  it('both forget what one of them invalidates, in less than a second', async () => {
    await one.read(family, 'a', source.fill, ['product:1']);
    await two.read(family, 'a', source.fill, ['product:1']);
    source.value = 2;
    await one.invalidate(['product:1']);
    const began = Date.now();
    await eventually(async () => expect(valueOf(await two.read(family, 'a', source.fill, ['product:1']))).toBe(2), { intervalMs: 5 });
    expect(Date.now() - began).toBeLessThan(1_000);
  });

  it('never store for the other what was read before the invalidation, however late it is stored', async () => {
    for (let round = 0; round < 20; round += 1) {
      const key = `race-${round}`;
      const release = source.hold();
      const reads = source.reads;
      const slow = one.read(family, key, source.fill, ['product:1']);
      await eventually(() => expect(source.reads).toBe(reads + 1), { intervalMs: 2 });
      source.value += 1;
      source.delay = Promise.resolve();
      const invalidated = two.invalidate(['product:1']);
      release();
      await Promise.all([slow, invalidated]);
      await eventually(async () => {
        const answers = await Promise.all([one, two].map((cache) => cache.read(family, key, source.fill, ['product:1'])));
        expect(answers.map(valueOf)).toEqual([source.value, source.value]);
      }, { intervalMs: 5 });
    }
  });
});

describe('an answer past its time', () => {
  const short = new CacheFamily({ name: 'short', ttlSeconds: 0.05, staleSeconds: 30 });

  it('is given at once while a new one is made', async () => {
    const cache = await openCache(await freshRedis('cache'), randomUUID());
    const source = new Source();
    await cache.read(short, 'a', source.fill);
    await cache.drain();
    source.value = 2;
    await new Promise((resolve) => setTimeout(resolve, 80));
    const stale = await cache.read(short, 'a', source.fill);
    expect([stale.tier, valueOf(stale)]).toEqual(['STALE', 1]);
    await eventually(async () => expect(valueOf(await cache.read(short, 'a', source.fill))).toBe(2), { intervalMs: 5 });
  });

  it('is given while the source is away, and only then', async () => {
    const cache = new Cache({ namespace: 'test' });
    const source = new Source();
    await cache.read(short, 'a', source.fill);
    await new Promise((resolve) => setTimeout(resolve, 80));
    const away = () => Promise.reject(new AppError('dependency-unavailable', { detail: 'The database is away.' }));
    expect((await cache.read(short, 'a', away)).tier).toBe('STALE');
    await expect(cache.read(short, 'a', () => Promise.reject(new AppError('not-found', { detail: 'Gone.' })))).rejects.toMatchObject({ code: 'not-found' });
  });

  it('was never kept longer than the answer itself allows', async () => {
    const cache = new Cache({ namespace: 'test' });
    const source = new Source();
    const fill = async () => ({ ...(await source.fill(undefined)), freshUntil: new Date(Date.now() + 40) });
    await cache.read(family, 'a', fill);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect((await cache.read(family, 'a', fill)).tier).toBe('MISS');
  });
});

it('answers from memory for ten seconds, then asks Redis again', async () => {
  const cache = await openCache(await freshRedis('cache'), randomUUID());
  const source = new Source();
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    await cache.read(family, 'a', source.fill);
    // What it has stored by then, Redis has.
    await cache.drain();
    vi.setSystemTime(Date.now() + 9_999);
    expect((await cache.read(family, 'a', source.fill)).tier).toBe('L1');
    vi.setSystemTime(Date.now() + 1);
    expect((await cache.read(family, 'a', source.fill)).tier).toBe('L2');
    expect(source.reads).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});

it('gives nothing past the moment at which it stops being true, not even while a new one is made', async () => {
  const cache = await openCache(await freshRedis('cache'), randomUUID());
  let value = 0;
  const fill = () => Promise.resolve({ json: { value: (value += 1) }, freshUntil: new Date(Date.now() + 40) });
  await cache.read(family, 'a', fill);
  await new Promise((resolve) => setTimeout(resolve, 60));
  const next = await cache.read(family, 'a', fill);
  expect([next.tier, valueOf(next)]).toEqual(['MISS', 2]);
});

it('keeps everything half an hour in peak mode', () => {
  expect(family.lifetimeMs(true)).toBeGreaterThanOrEqual(0.9 * 1_800_000);
  expect(family.lifetimeMs(true)).toBeLessThanOrEqual(1.1 * 1_800_000);
  expect(family.lifetimeMs(false)).toBeLessThanOrEqual(1.1 * 300_000);
});

it('stays within its bytes', async () => {
  const cache = new Cache({ namespace: 'test', maxBytes: 64 * 1024 });
  for (let index = 0; index < 200; index += 1) await cache.read(family, String(index), () => Promise.resolve({ json: 'x'.repeat(2_000) }));
  expect(cache.statistics.bytes).toBeLessThanOrEqual(64 * 1024);
});

describe('without Redis', () => {
  it('goes on, and what was invalidated meanwhile stays so when Redis is back', async () => {
    const cache = await openCache(await freshRedis('cache'), randomUUID());
    const source = new Source();
    await cache.read(family, 'a', source.fill, ['product:1']);
    await cache.read(family, 'b', source.fill);
    await killServer('redis-cache');
    try {
      source.value = 2;
      const began = Date.now();
      await cache.invalidate(['product:1']);
      expect(valueOf(await cache.read(family, 'a', source.fill, ['product:1']))).toBe(2);
      expect(valueOf(await cache.read(family, 'c', source.fill))).toBe(2);
      expect(Date.now() - began).toBeLessThan(3_000);
    } finally {
      await restartServer('redis-cache');
    }
    await eventually(async () => {
      await cache.invalidate(['nothing']);
      const answer = await cache.read(family, `after-${randomUUID()}`, source.fill);
      expect(answer.tier).toBe('MISS');
      expect(valueOf(await cache.read(family, 'a', source.fill, ['product:1']))).toBe(2);
    }, { timeoutMs: 10_000 });
  });
});
