import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MemoryTier } from './memory-tier.ts';
import type { StoredAnswer } from './stored-answer.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

const minute = 60_000;

function keep(tier: MemoryTier, id: string, minutes: number, tags: readonly string[] = []): void {
  const now = Date.now();
  const answer: StoredAnswer = { body: Buffer.alloc(10_000), gzip: Buffer.alloc(2_000), etag: '"e"', freshUntil: now, staleUntil: now + minutes * minute };
  tier.keep(id, answer, tags, tier.mark(tags));
}

it('holds an answer while it may be given, and not much longer', () => {
  const tier = new MemoryTier(1_000_000);
  for (let n = 0; n < 20; n += 1) keep(tier, `short:${n}`, 5);
  keep(tier, 'long', 60);
  vi.setSystemTime(Date.now() + 4 * minute);
  keep(tier, 'another', 60);
  expect(tier.bytes).toBeGreaterThan(22 * 12_000);
  vi.setSystemTime(Date.now() + 2 * minute);
  keep(tier, 'a third', 60);
  expect(tier.bytes).toBeLessThan(4 * 13_000);
  expect(tier.find('long')).toBeDefined();
  expect(tier.find('another')).toBeDefined();
});

it('does not hold what was invalidated until somebody asks for it', () => {
  const tier = new MemoryTier(1_000_000);
  for (let n = 0; n < 20; n += 1) keep(tier, `list:${n}`, 60, ['lists']);
  keep(tier, 'of another tag', 60, ['one']);
  tier.invalidate(['lists']);
  vi.setSystemTime(Date.now() + minute);
  keep(tier, 'new', 60, ['lists']);
  expect(tier.bytes).toBeLessThan(3 * 13_000);
  expect(tier.find('of another tag')).toBeDefined();
});
