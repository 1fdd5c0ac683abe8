import type { Drainable } from '@shopfleet/kernel';
import { expect, it } from 'vitest';
import { Lifecycle } from './lifecycle.ts';

it('ends its work once, however often it is told to', async () => {
  let drains = 0;
  const lifecycle = new Lifecycle(() => [], () => [{ drain: () => Promise.resolve(void (drains += 1)) }]);
  await Promise.all([lifecycle.drain(), lifecycle.drain()]);
  await lifecycle.drain();
  expect(drains).toBe(1);
  expect(await lifecycle.readiness()).toEqual({ ready: false, draining: true, checks: [] });
});

it('waits for work that hangs or fails no longer than for its patience, and for the rest as well', async () => {
  let rest = false;
  const hangs: Drainable = { drain: () => new Promise(() => undefined) };
  const fails: Drainable = { drain: () => Promise.reject(new Error('broken')) };
  const lifecycle = new Lifecycle(() => [], () => [hangs, fails, { drain: () => Promise.resolve(void (rest = true)) }], 10);
  await lifecycle.drain();
  expect(rest).toBe(true);
});

it('lets what takes work in end before what carries on its work', async () => {
  const ends: string[] = [];
  const taking = Promise.withResolvers<void>();
  const relay: Drainable = { drainsLast: true, drain: () => Promise.resolve(void ends.push('relay')) };
  const consumer: Drainable = { drain: () => taking.promise.then(() => void ends.push('consumer')) };
  const lifecycle = new Lifecycle(() => [], () => [relay, consumer]);
  const draining = lifecycle.drain();
  await new Promise((resolve) => setImmediate(resolve));
  expect(ends).toEqual([]);
  taking.resolve();
  await draining;
  expect(ends).toEqual(['consumer', 'relay']);
});
