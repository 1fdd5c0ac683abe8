import { AppError } from '@shopfleet/kernel';
import { describe, expect, it } from 'vitest';
import { FallbackLimitStore } from './fallback-limit-store.ts';
import type { LimitStore } from './limit-store.ts';
import { MemoryLimitStore } from './memory-limit-store.ts';

class AbsentStore implements LimitStore {
  asked = 0;

  async take(): Promise<never> {
    this.asked += 1;
    throw new AppError('dependency-unavailable', { detail: 'away' });
  }

  async giveBack(): Promise<never> {
    return this.take();
  }
}

const use = { key: 'a', limit: 100, windowMs: 60_000 };

describe('FallbackLimitStore', () => {
  it('allows each of four workers a quarter while the shared store is away', async () => {
    const store = new FallbackLimitStore(new AbsentStore(), new MemoryLimitStore(), 4);
    const takings = await Promise.all(Array.from({ length: 100 }, () => store.take([use])));
    expect(takings.filter(({ allowed }) => allowed)).toHaveLength(25);
  });

  it('does not make every request wait for the absent store', async () => {
    const absent = new AbsentStore();
    const store = new FallbackLimitStore(absent, new MemoryLimitStore(), 1);
    for (let i = 0; i < 50; i += 1) await store.take([use]);
    expect(absent.asked).toBe(1);
  });

  it('lets a mistake in the program through', async () => {
    const broken: LimitStore = { take: () => Promise.reject(new TypeError('broken')), giveBack: () => Promise.reject(new TypeError('broken')) };
    await expect(new FallbackLimitStore(broken, new MemoryLimitStore(), 1).take([use])).rejects.toThrow('broken');
  });
});
