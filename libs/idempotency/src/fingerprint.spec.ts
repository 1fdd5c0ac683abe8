import { describe, expect, it } from 'vitest';
import { fingerprintOf } from './fingerprint.ts';

describe('fingerprintOf', () => {
  it('does not depend on the order of members', () => {
    expect(fingerprintOf('/a', { x: 1, y: { b: [1, 2], a: null } })).toBe(fingerprintOf('/a', { y: { a: null, b: [1, 2] }, x: 1 }));
  });

  it.each([
    ['another path', '/b', { x: 1 }],
    ['another value', '/a', { x: 2 }],
    ['text instead of a number', '/a', { x: '1' }],
    ['another order in a list', '/a', { x: [1] }],
    ['a missing body', '/a', undefined],
  ])('differs for %s', (_, path, body) => {
    expect(fingerprintOf(path, body)).not.toBe(fingerprintOf('/a', { x: 1 }));
  });

  it('refuses a body that is nested without end', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`);
    expect(() => fingerprintOf('/a', deep)).toThrow(/nested deeper/);
  });
});
