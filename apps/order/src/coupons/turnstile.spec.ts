import { expect, it } from 'vitest';
import { Turnstile } from './turnstile.ts';

it('lets one at a time through, in the order of their coming, and keys past each other', async () => {
  const turnstile = new Turnstile();
  const log: string[] = [];
  const walk = (key: string, name: string, ticks: number) =>
    turnstile.through(key, async () => {
      log.push(`${name} in`);
      for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
      log.push(`${name} out`);
      return name;
    });
  expect(await Promise.all([walk('a', 'first', 20), walk('a', 'second', 1), walk('b', 'other', 1)])).toEqual(['first', 'second', 'other']);
  expect(log).toEqual(['first in', 'other in', 'other out', 'first out', 'second in', 'second out']);
});

it('goes on after one that failed', async () => {
  const turnstile = new Turnstile();
  const failed = turnstile.through('a', () => Promise.reject(new Error('stumbled')));
  const next = turnstile.through('a', () => Promise.resolve('through'));
  await expect(failed).rejects.toThrow('stumbled');
  await expect(next).resolves.toBe('through');
});
