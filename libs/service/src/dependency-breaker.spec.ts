import { exposition } from '@shopfleet/metrics';
import type { CircuitBreakerPolicy } from 'cockatiel';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dependencyBreaker } from './dependency-breaker.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['Date', 'performance'], now: 1_800_000_000_000 }));
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
    const breaker = dependencyBreaker('provider');
    expect(await reached(breaker, 9, always)).toBe(9);
    expect(await reached(breaker, 1, never)).toBe(1);
  });

  it('opens when more than half of ten fail, and not before', async () => {
    const fine = dependencyBreaker('provider');
    expect(await reached(fine, 20, (call) => call % 5 < 2)).toBe(20);
    expect(await reached(fine, 1, never)).toBe(1);
    const open = dependencyBreaker('provider');
    expect(await reached(open, 10, (call) => call % 5 > 1)).toBe(10);
    expect(await reached(open, 5, never)).toBe(0);
  });

  it.each([50, 167, 333, 500, 600, 700])('of what is asked every %d ms and falls silent opens within ten seconds, time-outs of three seconds included', async (everyMs) => {
    const breaker = dependencyBreaker('provider');
    const callsIn = (ms: number): number => Math.ceil(ms / everyMs);
    const calls = async (count: number, fails: () => boolean): Promise<number> => {
      let asked = 0;
      for (let call = 0; call < count; call += 1) {
        asked += await reached(breaker, 1, fails);
        vi.advanceTimersByTime(everyMs);
      }
      return asked;
    };
    expect(await calls(callsIn(60_000), never)).toBe(callsIn(60_000));
    vi.advanceTimersByTime(3000 - everyMs);
    expect(await calls(callsIn(7000), always)).toBeLessThan(callsIn(7000));
  });

  it('asks again after 30 s, and not before', async () => {
    const breaker = dependencyBreaker('provider');
    await reached(breaker, 10, always);
    vi.advanceTimersByTime(29_999);
    expect(await reached(breaker, 1, never)).toBe(0);
    vi.advanceTimersByTime(1);
    expect(await reached(breaker, 3, never)).toBe(3);
  });

  it('tells whether it is open', async () => {
    const isOpen = async (): Promise<string | undefined> => /^shop_breaker_open\{dependency="teller"\} (\d)$/mu.exec((await exposition()).text)?.[1];
    const breaker = dependencyBreaker('teller');
    expect(await isOpen()).toBe('0');
    await reached(breaker, 10, always);
    expect(await isOpen()).toBe('1');
    vi.advanceTimersByTime(30_000);
    await reached(breaker, 1, never);
    expect(await isOpen()).toBe('0');
  });

  it('takes what the other side answers for no failure, where it is told so', async () => {
    expect(await reached(dependencyBreaker('provider', () => false), 20, always)).toBe(20);
  });
});
