import { money } from '@shopfleet/kernel';
import { describe, expect, it } from 'vitest';
import { couponRefusal, discountOf, explainRefusal, type Coupon } from './coupon.ts';

const now = Date.parse('2026-11-20T10:00:00Z');
const coupon = (overrides: Partial<Coupon> = {}): Coupon => ({ code: 'TEN', benefit: { kind: 'percent', basisPoints: 1_000 }, active: true, ...overrides });
const eur = (amount: number) => money(amount, 'EUR');

describe('couponRefusal', () => {
  it.each([
    ['holds without limits', {}, undefined],
    ['says that it was withdrawn', { active: false }, 'withdrawn'],
    ['says that it has not begun', { startsAt: now + 1 }, 'not-begun'],
    ['holds from its first moment', { startsAt: now }, undefined],
    ['says that it has ended', { endsAt: now }, 'ended'],
    ['holds until its last moment', { endsAt: now + 1 }, undefined],
    ['holds at its minimum', { minimum: eur(5_000) }, undefined],
    ['says that the minimum is not reached', { minimum: eur(5_001) }, 'below-minimum'],
    ['says that it is used up', { exhausted: true }, 'exhausted'],
    ['says that its minimum is in another currency', { minimum: money(1, 'JPY') }, 'other-currency'],
    ['says that its amount is in another currency', { benefit: { kind: 'amount', amount: money(1, 'USD') } }, 'other-currency'],
  ] as const)('%s', (_, overrides, refusal) => {
    expect(couponRefusal(coupon(overrides), eur(5_000), now)).toBe(refusal);
  });
});

describe('discountOf', () => {
  it.each([
    ['a percentage, half a unit up', { kind: 'percent', basisPoints: 1_250 }, 1_996, 250],
    ['all', { kind: 'percent', basisPoints: 10_000 }, 1_999, 1_999],
    ['an amount', { kind: 'amount', amount: eur(500) }, 1_999, 500],
    ['no more than the goods cost', { kind: 'amount', amount: eur(5_000) }, 1_999, 1_999],
    ['nothing off the goods for free shipping', { kind: 'free-shipping' }, 1_999, 0],
  ] as const)('takes off %s', (_, benefit, subtotal, discount) => {
    expect(discountOf(coupon({ benefit }), eur(subtotal))).toEqual(eur(discount));
  });
});

describe('explainRefusal', () => {
  it('tells a person what to do', () => {
    expect(explainRefusal(coupon({ minimum: eur(5_000) }), 'below-minimum')).toBe('The coupon TEN holds from €50.00 on. Add something, or take it out of the cart.');
    expect(explainRefusal(coupon({ startsAt: now }), 'not-begun')).toContain('it begins on 2026-11-20');
    for (const refusal of ['withdrawn', 'not-begun', 'ended', 'other-currency', 'below-minimum', 'exhausted'] as const) {
      expect(explainRefusal(coupon(), refusal)).toMatch(/^The coupon TEN .+ out of the cart.*\.$/u);
    }
  });
});
