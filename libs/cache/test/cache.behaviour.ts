import { AppError } from '@shopfleet/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Cache, CachedAnswer, Fill } from '../src/index.ts';
import { CacheFamily } from '../src/index.ts';

export const family = new CacheFamily({ name: 'thing', ttlSeconds: 300 });

/** A source that counts its reads and can be made to wait. */
export class Source {
  value = 1;
  reads = 0;
  delay: Promise<void> = Promise.resolve();

  readonly fill: Fill = async () => {
    this.reads += 1;
    const json = { value: this.value };
    await this.delay;
    return { json, version: `v${json.value}` };
  };

  /** Makes reads wait until the returned function is called; what they have read by then is what they give. */
  hold(): () => void {
    let release: () => void = () => undefined;
    this.delay = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }
}

export function valueOf(answer: CachedAnswer): unknown {
  return (JSON.parse(answer.body.toString()) as { value: unknown }).value;
}

/** What a cache does whether or not there is a Redis behind it. */
export function behavesLikeACache(name: string, open: () => Promise<Cache>): void {
  describe(name, () => {
    let cache: Cache;
    let source: Source;
    beforeEach(async () => {
      cache = await open();
      source = new Source();
    });
    afterEach(() => cache.drain());

    it('reads the source once and answers from memory after that', async () => {
      const first = await cache.read(family, 'a', source.fill);
      const second = await cache.read(family, 'a', source.fill);
      expect([first.tier, second.tier, source.reads]).toEqual(['MISS', 'L1', 1]);
      expect(second.body).toBe(first.body);
    });

    it('keeps the answer packed beside the plain one, with a tag that names its version', async () => {
      const { gunzipSync } = await import('node:zlib');
      const answer = await cache.read(family, 'a', source.fill);
      expect(gunzipSync(answer.gzip)).toEqual(answer.body);
      expect(answer.etag).toMatch(/^"v1-[\w-]{16}"$/u);
    });

    it('makes five hundred who ask at once share one read', async () => {
      const answers = await Promise.all(Array.from({ length: 500 }, () => cache.read(family, 'a', source.fill)));
      expect(source.reads).toBe(1);
      expect(new Set(answers.map(({ etag }) => etag)).size).toBe(1);
    });

    it('reads again after a tag of the answer, or its family, was invalidated', async () => {
      for (const what of ['product:1', family] as const) {
        await cache.read(family, 'a', source.fill, ['product:1']);
        source.value += 1;
        await cache.invalidate([what]);
        expect(valueOf(await cache.read(family, 'a', source.fill, ['product:1']))).toBe(source.value);
      }
    });

    it('leaves answers with other tags alone', async () => {
      await cache.read(family, 'a', source.fill, ['product:1']);
      await cache.invalidate(['product:2', 'another-family']);
      expect((await cache.read(family, 'a', source.fill, ['product:1'])).tier).toBe('L1');
    });

    it('does not keep what was read before an invalidation that came during the fill', async () => {
      const release = source.hold();
      const early = cache.read(family, 'a', source.fill, ['product:1']);
      await expect.poll(() => source.reads).toBe(1);
      source.value = 2;
      source.delay = Promise.resolve();
      await cache.invalidate(['product:1']);
      expect(valueOf(await cache.read(family, 'a', source.fill, ['product:1']))).toBe(2);
      release();
      expect(valueOf(await early)).toBe(1);
      expect(valueOf(await cache.read(family, 'a', source.fill, ['product:1']))).toBe(2);
    });

    it('keeps nothing of a fill that fails, and asks again', async () => {
      const missing: Fill = () => Promise.reject(new AppError('not-found', { detail: 'There is no thing a.' }));
      await expect(cache.read(family, 'a', missing)).rejects.toMatchObject({ code: 'not-found' });
      expect(valueOf(await cache.read(family, 'a', source.fill))).toBe(1);
    });

    it('tells false, 0, null and the empty list from nothing', async () => {
      for (const json of [false, 0, null, []]) {
        const key = JSON.stringify(json);
        const fill: Fill = () => Promise.resolve({ json });
        await cache.read(family, key, fill);
        const again = await cache.read(family, key, () => Promise.reject(new Error('must not be read twice')));
        expect(again.body.toString()).toBe(key);
      }
    });

    it('counts what each tier answered', async () => {
      await cache.read(family, 'a', source.fill);
      await cache.read(family, 'a', source.fill);
      expect(cache.statistics).toMatchObject({ MISS: 1, L1: 1, L2: 0, STALE: 0 });
      expect(cache.statistics.bytes).toBeGreaterThan(0);
    });
  });
}
