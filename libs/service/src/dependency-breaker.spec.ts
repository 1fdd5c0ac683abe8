import type { CircuitBreakerPolicy } from 'cockatiel';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dependencyBreaker } from './dependency-breaker.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 }));
afterEach(() => vi.useRealTimers());

/** So many calls within one second of one breaker; how many of them reached what is called. */
async function reached(breaker: CircuitBreakerPolicy, calls: number, fails: (call: number) => boolean): Promise<number> {
  let asked = 0;
  for (let call = 0; call < calls; call += 1) {
    await breaker
      .execute(() => {
        asked += 1;
        return fails(call) ? Promise.reject(new Error('away')) : Promise.resolve();
      })
      .catch(() => undefined);
  }
  return asked;
}
const always = (): boolean => true;
const never = (): boolean => false;

describe('the breaker', () => {
  it('stays closed for fewer than ten calls, though all fail', async () => {
    const breaker = dependencyBreaker();
    expect(await reached(breaker, 9, always)).toBe(9);
    expect(await reached(breaker, 1, never)).toBe(1);
  });

  it('opens when more than half of ten fail, and not before', async () => {
    const fine = dependencyBreaker();
    expect(await reached(fine, 20, (call) => call % 5 < 2)).toBe(20);
    expect(await reached(fine, 1, never)).toBe(1);
    const open = dependencyBreaker();
    expect(await reached(open, 10, (call) => call % 5 > 1)).toBe(10);
    expect(await reached(open, 5, never)).toBe(0);
  });

  it('asks again after 30 s, and not before', async () => {
    const breaker = dependencyBreaker();
    await reached(breaker, 10, always);
    vi.advanceTimersByTime(29_999);
    expect(await reached(breaker, 1, never)).toBe(0);
    vi.advanceTimersByTime(1);
    expect(await reached(breaker, 3, never)).toBe(3);
  });

  it('takes what the other side answers for no failure, where it is told so', async () => {
    expect(await reached(dependencyBreaker(() => false), 20, always)).toBe(20);
  });
});
