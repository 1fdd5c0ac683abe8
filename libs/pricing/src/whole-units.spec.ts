import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, share } from './whole-units.ts';

const amounts = fc.nat({ max: 10_000_000_000 });
const sum = (list: readonly number[]): number => list.reduce((all, part) => all + part, 0);

describe('share', () => {
  it.each([
    [1_999, 1_900, 11_900, 319],
    [1, 1, 2, 1],
    [1, 1, 3, 0],
    [5, 1, 10, 1],
    [15, 1, 10, 2],
    [Number.MAX_SAFE_INTEGER, 9_999, 10_000, 9_006_298_534_815_517],
  ])('%d × %d ÷ %d is %d', (amount, numerator, denominator, expected) => {
    expect(share(amount, numerator, denominator)).toBe(expected);
  });

  it('is off by half a unit at most', () => {
    fc.assert(
      fc.property(amounts, fc.nat({ max: 30_000 }), fc.integer({ min: 1, max: 40_000 }), (amount, numerator, denominator) => {
        const twiceOff = 2n * (BigInt(share(amount, numerator, denominator)) * BigInt(denominator) - BigInt(amount) * BigInt(numerator));
        expect(twiceOff <= BigInt(denominator) && twiceOff > -BigInt(denominator)).toBe(true);
      }),
    );
  });

  it('refuses what is negative', () => {
    expect(() => share(-1, 1, 2)).toThrow(RangeError);
  });
});

describe('allocate', () => {
  it('gives the units that are left to the largest remainders, the earlier first', () => {
    expect(allocate(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(allocate(5, [1, 3, 3])).toEqual([1, 2, 2]);
    expect(allocate(7, [0, 10, 5])).toEqual([0, 5, 2]);
  });

  it('loses and invents nothing, and gives nobody more than a unit away from their share', () => {
    fc.assert(
      fc.property(amounts, fc.array(amounts, { minLength: 1, maxLength: 100 }), (amount, weights) => {
        fc.pre(sum(weights) > 0);
        const parts = allocate(amount, weights);
        expect(sum(parts)).toBe(amount);
        const all = BigInt(sum(weights));
        for (const [index, part] of parts.entries()) {
          const exact = BigInt(amount) * BigInt(weights[index] ?? 0);
          const off = BigInt(part) * all - exact;
          expect(off < all && off > -all).toBe(true);
        }
      }),
    );
  });

  it('gives no part more than its weight when the amount is not more than all of them', () => {
    fc.assert(
      fc.property(fc.array(amounts, { minLength: 1, maxLength: 50 }), fc.double({ min: 0, max: 1, noNaN: true }), (weights, fraction) => {
        const parts = allocate(Math.floor(sum(weights) * fraction), weights);
        for (const [index, part] of parts.entries()) expect(part).toBeLessThanOrEqual(weights[index] ?? 0);
      }),
    );
  });

  it('refuses to give to nobody', () => {
    expect(() => allocate(1, [])).toThrow(RangeError);
    expect(() => allocate(1, [0, 0])).toThrow(RangeError);
    expect(allocate(0, [])).toEqual([]);
  });
});
