import { describe, expect, it } from 'vitest';
import { waitOf } from './prefer.ts';

describe('waitOf', () => {
  it.each([
    [undefined, 2],
    ['wait=0', 0],
    ['wait=5', 5],
    ['respond-async, wait=7', 7],
    ['wait=600', 10],
    ['wait=-1', 2],
    ['wait=soon', 2],
  ])('of %s is %d seconds', (prefer, seconds) => {
    expect(waitOf(prefer)).toBe(seconds);
  });
});
