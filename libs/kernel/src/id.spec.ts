import { expect, it } from 'vitest';
import { newId } from './id.ts';

it('makes ids that carry their kind and sort by the time they were made', () => {
  const ids = Array.from({ length: 1000 }, () => newId('ord'));
  expect(ids.every((id) => /^ord_[0-9a-f]{32}$/u.test(id))).toBe(true);
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(1000);
});
