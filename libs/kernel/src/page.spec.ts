import { expect, it } from 'vitest';
import { AppError } from './app-error.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { pageOf } from './page.ts';

it('counts the pages of a list', () => {
  expect(pageOf(['a'], { page: 2, limit: 20, total: 41 }).pagination).toEqual({ page: 2, limit: 20, total: 41, pages: 3 });
  expect(pageOf([], { page: 1, limit: 20, total: 0 }).pagination.pages).toBe(1);
});

it('gives a cursor back as it was', () => {
  expect(decodeCursor(encodeCursor([1732147200000, 'ord_1']), 2)).toEqual([1732147200000, 'ord_1']);
});

it.each(['', 'x', encodeCursor(['one']), Buffer.from('[{"$gt":1},"x"]').toString('base64url')])('refuses the cursor %j', (text) => {
  expect(() => decodeCursor(text, 2)).toThrow(AppError);
});
