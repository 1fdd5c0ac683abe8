import { expect, it } from 'vitest';
import { expectedVersionOf, idempotencyKeyOf } from './change-headers.ts';

it.each([[undefined, undefined], ['*', undefined], ['"7"', '7'], ['W/"7"', '7'], ['7', 'none'], ['"abc"', 'none']])('reads If-Match %j as version %j', (header, version) => {
  expect(expectedVersionOf(header)).toBe(version);
});

it('takes a key of visible characters and refuses others', () => {
  expect(idempotencyKeyOf('0b6e-1')).toBe('0b6e-1');
  for (const key of ['', 'a b', 'x'.repeat(256)]) expect(() => idempotencyKeyOf(key)).toThrow(expect.objectContaining({ code: 'validation-failed' }));
});
