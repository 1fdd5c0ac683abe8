import type { ServiceVitals } from '@shopfleet/vitals';
import { describe, expect, it } from 'vitest';
import { Autoscaler, type Decision } from './autoscaler.ts';

const idle: ServiceVitals = {
  service: 'order', workers: 4, requestsPerSecond: 0, errorShare: 0, p50: undefined, p95: undefined, cpuShare: 0.01, memoryShare: 0.7, heldMemoryShare: 0.3, memoryBytes: 0, eventLoopLag: 0, poolShare: 0,
  poolWaiting: 0, cacheHitShare: undefined, limitsWithoutRedis: 0, outboxPending: 0, outboxOldestSeconds: 0, messagesWaiting: 0, deadLetters: 0, jobsWaiting: 0,
};
const steady: ServiceVitals = { ...idle, requestsPerSecond: 400, cpuShare: 0.5 };

/** Looks every 15 s for so many minutes; the decisions with the minute they were made at. */
function watch(scaler: Autoscaler, minutes: number, vitals: (minute: number) => ServiceVitals, from = 0): (Decision & { minute: number })[] {
  const decisions = [];
  for (let second = from * 60; second <= (from + minutes) * 60; second += 15) {
    for (const decision of scaler.decide([vitals(second / 60)], second * 1_000)) decisions.push({ ...decision, minute: second / 60 });
  }
  return decisions;
}
const scaler = (bounds: Partial<ConstructorParameters<typeof Autoscaler>[0]> = {}): Autoscaler => new Autoscaler({ least: 2, most: 20, restMinutes: 3, hurry: 1, ...bounds });

describe('a service grows', () => {
  it.each([
    ['CPU', { cpuShare: 0.71 }, 2],
    ['memory', { memoryShare: 0.81 }, 2],
    ['response', { p95: 1.1 }, 5],
    ['errors', { errorShare: 0.06 }, 3],
  ])('by %s, after its time and not before', (name, load, minutes) => {
    const [first] = watch(scaler(), minutes, () => ({ ...steady, ...load }));
    expect(first).toMatchObject({ from: 4, to: 6, minute: minutes });
    expect(first?.because).toContain(name);
    expect(watch(scaler(), minutes - 0.5, () => ({ ...steady, ...load }))).toEqual([]);
  });

  it('not by a load that comes and goes', () => {
    expect(watch(scaler(), 60, (minute) => ({ ...steady, cpuShare: minute % 2 < 1.5 ? 0.9 : 0.5 }))).toEqual([]);
  });

  it('no further than it may', () => {
    expect(watch(scaler({ most: 5 }), 2, () => ({ ...steady, cpuShare: 1 }))[0]?.to).toBe(5);
    expect(watch(scaler({ most: 4 }), 30, () => ({ ...steady, cpuShare: 1 }))).toEqual([]);
  });

  it('and then rests, so that the change can show', () => {
    expect(watch(scaler(), 8, () => ({ ...steady, cpuShare: 0.9 })).map(({ minute }) => minute)).toEqual([2, 5, 8]);
  });
});

describe('a service shrinks', () => {
  it('one by one, when CPU, memory and traffic have all been low long enough', () => {
    const [first] = watch(scaler(), 16, () => idle);
    expect(first).toMatchObject({ from: 4, to: 3, minute: 15 });
  });

  it.each([
    ['CPU', { cpuShare: 0.4 }],
    ['memory', { heldMemoryShare: 0.6 }],
    ['traffic', { requestsPerSecond: 41 }],
  ])('not while %s is in use', (_name, load) => {
    expect(watch(scaler(), 60, () => ({ ...idle, ...load }))).toEqual([]);
  });

  it('never below its least, and not at all while nothing answers', () => {
    expect(watch(scaler(), 60, () => ({ ...idle, workers: 2 }))).toEqual([]);
    expect(watch(scaler(), 60, () => ({ ...idle, workers: 0 }))).toEqual([]);
  });
});

it('in a hurry everything goes faster by the same factor', () => {
  expect(watch(scaler({ hurry: 4 }), 1, () => ({ ...steady, cpuShare: 0.9 }))[0]?.minute).toBe(0.5);
});
