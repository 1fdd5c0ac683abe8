import { expect, test } from 'vitest';
import type { Audience } from '../inbox/notification.schema.ts';
import { decodeStreamCursor, encodeStreamCursor } from './stream-cursor.ts';

const audiences: Audience[] = ['user:usr_1', 'role:employee', 'role:customer'];

test('a cursor is read back as it was written, for the audiences that the reader still has', () => {
  const text = encodeStreamCursor(new Map([['user:usr_1', 12], ['role:employee', 3]]), audiences);
  expect(text).toBe('me=12,employee=3,customer=0');
  expect(decodeStreamCursor(text, ['user:usr_1', 'role:customer'])).toEqual(new Map([['user:usr_1', 12], ['role:customer', 0]]));
});

test.each(['', 'x', 'me=', 'me=-1', 'me=1;drop', 'me=1,', 'me=99999999999999999999'])('%j is none', (text) => {
  expect(() => decodeStreamCursor(text, audiences)).toThrow(/begin now/u);
});
