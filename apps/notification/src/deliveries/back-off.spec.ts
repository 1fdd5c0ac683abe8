import { expect, test } from 'vitest';
import { pauseAfter, triedForMs } from './back-off.ts';

test('pauses double from 5 s to an hour, and no two deliveries share them', () => {
  expect([1, 2, 3, 11, 50].map((attempts) => pauseAfter(attempts, 1))).toEqual([5_000, 10_000, 20_000, 3_600_000, 3_600_000]);
  expect(pauseAfter(3, 0)).toBe(10_000);
});

test('a day holds about thirty tries', () => {
  expect(triedForMs).toBe(24 * 3_600_000);
  let [passed, tries] = [0, 0];
  while (passed < triedForMs) passed += pauseAfter(++tries, 1);
  expect(tries).toBeGreaterThan(25);
  expect(tries).toBeLessThan(40);
});
