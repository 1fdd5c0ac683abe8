import { currencies, money, type Currency, type Money } from '@shopfleet/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Coupon } from './coupon.ts';
import { priceGoods, type GoodsLine, type PricingRequest } from './price-goods.ts';
import { shippingMethodIds } from './shipping.ts';
import { taxRules } from './tax.ts';

const at = Date.parse('2026-11-20T10:00:00Z');
const eur = (amount: number): Money => money(amount, 'EUR');
const goods = (overrides: Partial<GoodsLine> = {}): GoodsLine => ({ unitPrice: eur(1_999), quantity: 2, taxClass: 'standard', weightGrams: 400, ...overrides });
const request = (overrides: Partial<PricingRequest> = {}): PricingRequest => ({ currency: 'EUR', lines: [goods()], country: 'DE', at, ...overrides });
const coupon = (benefit: Coupon['benefit'], overrides: Partial<Coupon> = {}): Coupon => ({ code: 'TEST', benefit, active: true, ...overrides });

describe('priceGoods', () => {
  it('names the tax that prices contain', () => {
    expect(priceGoods(request()).totals).toEqual({ subtotal: eur(3_998), discount: eur(0), shipping: eur(490), tax: eur(638 + 78), total: eur(4_488), taxIncluded: true });
  });

  it('adds the tax where prices do not contain it', () => {
    const { totals, lines } = priceGoods(request({ country: 'CA' }));
    expect(lines[0]).toMatchObject({ tax: eur(200), total: eur(4_198) });
    expect(totals).toEqual({ subtotal: eur(3_998), discount: eur(0), shipping: eur(1_990), tax: eur(300), total: eur(6_288), taxIncluded: false });
  });

  it('taxes each line at the rate of its class, after its part of the discount', () => {
    const lines = [goods({ unitPrice: eur(1_000), quantity: 1 }), goods({ unitPrice: eur(2_000), quantity: 1, taxClass: 'reduced' }), goods({ unitPrice: eur(1), quantity: 1, taxClass: 'zero' })];
    const priced = priceGoods(request({ lines, coupon: coupon({ kind: 'amount', amount: eur(100) }) }));
    expect(priced.lines.map(({ discount, taxRate, tax }) => [discount.amount, taxRate, tax.amount])).toEqual([[33, 1_900, 154], [67, 700, 126], [0, 0, 0]]);
  });

  it('leaves out a coupon that does not hold, and says why', () => {
    const priced = priceGoods(request({ coupon: coupon({ kind: 'percent', basisPoints: 5_000 }, { minimum: eur(10_000) }) }));
    expect(priced.coupon).toEqual({ code: 'TEST', refusal: 'below-minimum' });
    expect(priced.totals.discount).toEqual(eur(0));
  });

  it('ships free by coupon, but only the standard way', () => {
    const free = coupon({ kind: 'free-shipping' });
    expect(priceGoods(request({ coupon: free })).totals.shipping).toEqual(eur(0));
    expect(priceGoods(request({ coupon: free, shippingMethod: 'express' })).totals.shipping).toEqual(eur(1_290));
  });

  it('judges free shipping by what is paid for the goods', () => {
    const lines = [goods({ unitPrice: eur(5_000), quantity: 1 })];
    expect(priceGoods(request({ lines })).totals.shipping).toEqual(eur(0));
    expect(priceGoods(request({ lines, coupon: coupon({ kind: 'amount', amount: eur(1) }) })).totals.shipping).toEqual(eur(490));
  });

  it('falls back to the standard way where the chosen one does not go, and says so', () => {
    expect(priceGoods(request({ country: 'FR', shippingMethod: 'pickup' })).shipping).toMatchObject({ method: 'standard', price: eur(990), unavailable: 'pickup' });
  });

  it('charges nothing for nothing', () => {
    expect(priceGoods(request({ lines: [], coupon: coupon({ kind: 'amount', amount: eur(100) }) })).totals.total).toEqual(eur(0));
  });

  it('refuses mixed currencies', () => {
    expect(() => priceGoods(request({ lines: [goods(), goods({ unitPrice: money(1, 'JPY') })] }))).toThrow(RangeError);
  });
});

const requests: fc.Arbitrary<PricingRequest> = fc.constantFrom<Currency>(...currencies).chain((currency) => {
  const amount = fc.oneof(fc.nat({ max: 20_000 }), fc.nat({ max: 100_000_000 })).map((units) => money(units, currency));
  const benefit: fc.Arbitrary<Coupon['benefit']> = fc.oneof(
    fc.record({ kind: fc.constant('percent' as const), basisPoints: fc.integer({ min: 1, max: 10_000 }) }),
    fc.record({ kind: fc.constant('amount' as const), amount }),
    fc.constant({ kind: 'free-shipping' as const }),
  );
  return fc.record({
    currency: fc.constant(currency),
    lines: fc.array(
      fc.record({
        unitPrice: amount,
        quantity: fc.integer({ min: 1, max: 99 }),
        taxClass: fc.constantFrom('standard', 'reduced', 'zero', 'unheard-of'),
        weightGrams: fc.nat({ max: 40_000 }),
      }),
      { maxLength: 20 },
    ),
    country: fc.constantFrom('US', 'KW', 'ZZ', ...Object.keys(taxRules)),
    shippingMethod: fc.constantFrom(undefined, ...shippingMethodIds),
    coupon: fc.option(fc.record({ code: fc.constant('ANY'), benefit, minimum: fc.option(amount, { nil: undefined }), active: fc.boolean() }), { nil: undefined }),
    at: fc.constant(at),
  });
});
const amountsOf = (list: readonly Money[]): number => list.reduce((sum, { amount }) => sum + amount, 0);

describe('for whatever is bought', () => {
  it('totals are the sums of their parts', () => {
    fc.assert(
      fc.property(requests, (anything) => {
        const { lines, totals, shipping } = priceGoods(anything);
        const { subtotal, discount, tax, total, taxIncluded } = totals;
        expect(amountsOf(lines.map(({ lineTotal }) => lineTotal))).toBe(subtotal.amount);
        expect(amountsOf(lines.map((line) => line.discount))).toBe(discount.amount);
        expect(amountsOf(lines.map((line) => line.tax)) + shipping.tax.amount).toBe(tax.amount);
        expect(totals.shipping).toEqual(shipping.price);
        expect(subtotal.amount - discount.amount + totals.shipping.amount + (taxIncluded ? 0 : tax.amount)).toBe(total.amount);
        expect(amountsOf(lines.map((line) => line.total)) + shipping.price.amount + (taxIncluded ? 0 : shipping.tax.amount)).toBe(total.amount);
      }),
      { numRuns: 1_000 },
    );
  });

  it('nothing is negative, fractional or of another currency', () => {
    fc.assert(
      fc.property(requests, (anything) => {
        const { lines, totals, shipping } = priceGoods(anything);
        const { taxIncluded: _, ...parts } = totals;
        const all = [...Object.values(parts), shipping.price, shipping.tax, ...lines.flatMap(({ lineTotal, discount, tax, total }) => [lineTotal, discount, tax, total])];
        for (const { amount, currency } of all) {
          expect(Number.isSafeInteger(amount) && amount >= 0).toBe(true);
          expect(currency).toBe(anything.currency);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('no line is reduced by more than it costs, nor taxed by more than it is paid for', () => {
    fc.assert(
      fc.property(requests, (anything) => {
        for (const { lineTotal, discount, tax, total } of priceGoods(anything).lines) {
          expect(discount.amount).toBeLessThanOrEqual(lineTotal.amount);
          expect(tax.amount).toBeLessThanOrEqual(total.amount);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('the same goods come to the same total in any order of lines', () => {
    fc.assert(
      fc.property(requests, (anything) => {
        const { totals } = priceGoods(anything);
        const turned = priceGoods({ ...anything, lines: anything.lines.toReversed() }).totals;
        expect({ ...turned, tax: 0, total: 0 }).toEqual({ ...totals, tax: 0, total: 0 });
        // A unit of discount may fall on another line and so be taxed at another rate.
        expect(Math.abs(turned.total.amount - totals.total.amount)).toBeLessThanOrEqual(anything.lines.length);
      }),
    );
  });

  it('a coupon never makes it dearer, but for shipping that is no longer free', () => {
    fc.assert(
      fc.property(requests, (anything) => {
        const { totals } = priceGoods(anything);
        const without = priceGoods({ ...anything, coupon: undefined }).totals;
        expect(totals.subtotal.amount - totals.discount.amount).toBeLessThanOrEqual(without.subtotal.amount);
      }),
    );
  });
});
