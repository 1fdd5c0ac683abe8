import { expect, it } from 'vitest';
import { versionOf } from './if-match.ts';

it.each(['"v12"', '"v12-5kQ_a-b"', 'W/"v12-5kQ"'])('reads the version of %s', (tag) => {
  expect(versionOf(tag, 'product')).toBe(12);
});

it.each(['*', 'v12', '"12"', '"v1" , "v2"', ''])('refuses %j', (tag) => {
  expect(() => versionOf(tag, 'product')).toThrow(expect.objectContaining({ code: 'precondition-failed' }));
});

it('asks for the header where it is missing', () => {
  expect(() => versionOf(undefined, 'product')).toThrow(expect.objectContaining({ code: 'precondition-required' }));
});
