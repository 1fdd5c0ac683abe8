import { expect, it } from 'vitest';
import { growthOf, type Sample } from './growth.ts';

const held = { heap: 70, buffers: 20 };
const weighings = (megabytes: (minute: number) => number, pid = (_minute: number) => 1): Sample[] =>
  Array.from({ length: 30 }, (_, n) => ({ pid: pid(n / 2), minutes: n / 2, megabytes: megabytes(n / 2), held, descriptors: 50 }));

it('finds a leak, however the memory moves about it', () => {
  expect(growthOf(weighings((minute) => 150 + minute / 5 + 2 * Math.sin(minute * 7))).slope).toBeCloseTo(0.2, 1);
});

it('finds none in what moves by megabytes and stays', () => {
  expect(Math.abs(growthOf(weighings((minute) => 150 + 2 * Math.sin(minute * 7) + (minute === 14 ? 30 : 0))).slope)).toBeLessThan(0.1);
});

it('tells of a worker that was replaced when it had grown', () => {
  const replaced = growthOf(weighings((minute) => (minute < 7 ? 400 : 150) + 10 * minute, (minute) => (minute < 7 ? 1 : 2)));
  expect(replaced.isOneProcess).toBe(false);
  expect(growthOf(weighings(() => 150)).isOneProcess).toBe(true);
});
