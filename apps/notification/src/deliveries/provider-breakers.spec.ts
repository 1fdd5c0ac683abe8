import { expect, test } from 'vitest';
import { ProviderBreakers } from './provider-breakers.ts';

test('a provider that fails five times in a row rests for 30 s, and others do not', () => {
  let now = 0;
  const breakers = new ProviderBreakers(() => now);
  for (let n = 0; n < 5; n++) {
    expect(breakers.admit('down')).toBeUndefined();
    breakers.settle('down', false);
  }
  expect(breakers.admit('down')).toBe(30_000);
  expect(breakers.admit('up')).toBeUndefined();
  now = 30_001;
  expect(breakers.admit('down')).toBeUndefined();
  expect(breakers.admit('down'), 'one asks, the others wait for its answer').toBe(1_000);
  breakers.settle('down', true);
  expect(breakers.admit('down')).toBeUndefined();
});

test('a slow provider holds three requests at most', () => {
  const breakers = new ProviderBreakers(() => 0);
  expect([1, 2, 3].map(() => breakers.admit('slow'))).toEqual([undefined, undefined, undefined]);
  expect(breakers.admit('slow')).toBe(1_000);
});
