import { couponChanged, createEvent, stockAvailabilityChanged, type Envelope } from '@shopfleet/contracts';
import { eventually } from '@shopfleet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QuoteView } from '../src/quotes/quote.schema.ts';
import { openNeighbour, type Neighbour } from './broker.ts';
import { openCartShop, type CartShop, type Shopper } from './cart-shop.ts';

let shop: CartShop;
let neighbour: Neighbour;

beforeAll(async () => {
  shop = await openCartShop();
  neighbour = await openNeighbour(shop.environment['RABBITMQ_URL'] ?? '');
  await shop.stock({ sku: 'LAMP', price: eur(1_999), weightGrams: 400 }, { sku: 'BOOK', price: eur(1_000), taxClass: 'reduced', weightGrams: 300 });
  await neighbour.publish(coupon('TEN'), coupon('BIG', { minimum: eur(10_000) }), coupon('GONE', { exhausted: true }), coupon('OLD', { endsAt: '2026-01-01T00:00:00.000Z' }));
  await eventually(async () => expect(await shop.redis.hlen('{cart}:coupons')).toBe(4));
});

afterAll(async () => {
  await neighbour.close();
  await shop.close();
});

function eur(amount: number) {
  return { amount, currency: 'EUR' as const };
}

function coupon(code: string, overrides: Partial<(typeof couponChanged)['example']> = {}): Envelope {
  const data = { code, version: 1, benefit: { kind: 'percent' as const, basisPoints: 1_000 }, active: true, exhausted: false, ...overrides };
  return createEvent(couponChanged, { source: 'order', subject: code, data });
}

const add = (shopper: Shopper, sku: string, quantity = 1) => shop.call('POST', '/api/cart/items', shopper, { sku, quantity });
const useCoupon = (shopper: Shopper, code: string) => shop.call('PUT', '/api/cart/coupon', shopper, { code });
const quote = async (shopper: Shopper, query = ''): Promise<QuoteView> => (await shop.call('GET', `/api/cart/quote${query}`, shopper)).body as unknown as QuoteView;

describe('a quote', () => {
  it('adds up lines, coupon, tax and shipping', async () => {
    const guest = await shop.guest();
    await add(guest, 'LAMP', 2);
    await add(guest, 'BOOK');
    expect((await useCoupon(guest, ' ten ')).body).toMatchObject({ couponCode: 'TEN' });
    const { lines, totals, coupon: used, shipping } = await quote(guest);
    expect(used).toEqual({ code: 'TEN', applied: true });
    expect(lines.map(({ sku, discount, tax, taxPercent, total, inStock }) => [sku, discount.amount, taxPercent, tax.amount, total.amount, inStock])).toEqual([
      ['LAMP', 400, 19, 574, 3_598, true],
      ['BOOK', 100, 7, 59, 900, true],
    ]);
    expect(totals).toEqual({ subtotal: eur(4_998), discount: eur(500), shipping: eur(490), tax: eur(574 + 59 + 78), total: eur(4_988), taxIncluded: true });
    expect(shipping.offers).toEqual([{ method: 'standard', price: eur(490) }, { method: 'express', price: eur(1_290) }, { method: 'pickup', price: eur(0) }]);
  });

  it('goes by the country and the chosen shipping, and names what does not go there', async () => {
    const guest = await shop.guest();
    await add(guest, 'LAMP');
    await shop.call('PUT', '/api/cart/shipping', guest, { method: 'express' });
    expect((await quote(guest, '?country=FR')).totals).toMatchObject({ shipping: eur(2_490), tax: eur(333 + 415) });
    expect((await quote(guest, '?country=CA')).shipping).toMatchObject({ method: 'standard', unavailable: 'express' });
    expect((await quote(guest, '?country=CA')).totals).toMatchObject({ taxIncluded: false, total: eur(Math.round(1_999 * 1.05) + Math.round(1_990 * 1.05)) });
    for (const country of ['Germany', 'ZZ', 'de']) {
      const { status, body } = await shop.call('GET', `/api/cart/quote?country=${country}`, guest);
      expect([country, status, body.errors?.map(({ pointer }) => pointer)]).toEqual([country, 400, ['/country']]);
    }
    expect((await quote(guest, '?country=ZW')).totals.tax).toEqual(eur(0));
    expect((await shop.call('PUT', '/api/cart/shipping', guest, { method: 'drone' })).status).toBe(400);
  });

  it('says why a coupon does not hold, and what changed', async () => {
    const guest = await shop.guest();
    await shop.stock({ sku: 'VASE', productId: 'prd_vase', price: eur(1_500) });
    await add(guest, 'VASE');
    await useCoupon(guest, 'BIG');
    await shop.priceBook.changePrice('VASE', 2, eur(1_400));
    await neighbour.publish(createEvent(stockAvailabilityChanged, { source: 'product', subject: 'VASE', data: { sku: 'VASE', productId: 'prd_vase', version: 5, inStock: false } }));
    await eventually(async () => expect((await quote(guest)).lines[0]?.inStock).toBe(false));
    const { body: inCart } = await shop.call('GET', '/api/cart', guest);
    expect(inCart).toMatchObject({ lines: [{ sku: 'VASE', available: false }], subtotal: eur(1_400) });
    expect((await add(guest, 'BOOK')).body.lines.map(({ sku, available }) => [sku, available])).toEqual([['VASE', false], ['BOOK', true]]);
    await shop.call('DELETE', `/api/cart/items/${(await quote(guest)).lines[1]?.id}`, guest);
    const { lines, coupon: named, totals } = await quote(guest);
    expect(lines[0]).toMatchObject({ priceChanged: true, previousPrice: eur(1_500), unitPrice: eur(1_400) });
    expect(named).toMatchObject({ code: 'BIG', applied: false, reason: 'below-minimum', detail: expect.stringContaining('€100.00') });
    expect(totals.discount).toEqual(eur(0));
    // Older news, which comes late, changes nothing.
    await neighbour.publish(createEvent(stockAvailabilityChanged, { source: 'product', subject: 'VASE', data: { sku: 'VASE', productId: 'prd_vase', version: 4, inStock: true } }));
    await neighbour.publish(createEvent(stockAvailabilityChanged, { source: 'product', subject: 'LAMP', data: { sku: 'LAMP', productId: 'prd_vase', version: 1, inStock: false } }));
    await eventually(async () => expect(await shop.redis.hexists('{cart}:availability', 'LAMP')).toBe(1));
    expect((await quote(guest)).lines[0]?.inStock).toBe(false);
  });

  it('leaves out what is no longer sold, and names it', async () => {
    const guest = await shop.guest();
    await shop.stock({ sku: 'RUG', price: eur(9_900) });
    await add(guest, 'RUG');
    await add(guest, 'BOOK');
    await shop.redis.hset('{cart}:price-book', 'RUG', (await shop.redis.hget('{cart}:price-book', 'RUG'))?.replace('"active":true', '"active":false') ?? '');
    expect(await quote(guest)).toMatchObject({ unavailable: [{ sku: 'RUG' }], totals: { subtotal: eur(1_000) } });
  });

  it('of an empty cart is nothing', async () => {
    expect((await quote(await shop.guest())).totals.total).toEqual(eur(0));
  });
});

describe('a coupon', () => {
  it.each([
    ['NOBODYKNOWS', 404, 'not-found'],
    ['GONE', 409, 'coupon-exhausted'],
    ['OLD', 409, 'conflict'],
    ['no spaces', 400, 'validation-failed'],
  ])('%s is answered %i', async (code, status, errorCode) => {
    const answer = await useCoupon(await shop.guest(), code);
    expect([answer.status, answer.body.code]).toEqual([status, errorCode]);
  });

  it('can be taken back, is a change like any other, and comes with the cart to the order', async () => {
    const guest = await shop.guest();
    const { version } = (await add(guest, 'LAMP')).body;
    expect((await shop.call('PUT', '/api/cart/coupon', guest, { code: 'TEN' }, { 'if-match': '"99"' })).status).toBe(412);
    expect((await shop.call('PUT', '/api/cart/coupon', guest, { code: 'TEN' }, { 'if-match': `"${version}"` })).body.version).toBe(version + 1);
    await shop.call('PUT', '/api/cart/shipping', guest, { method: 'express' });
    expect(await shop.checkoutCart(guest)).toMatchObject({ couponCode: 'TEN', shippingMethod: 'express', version: version + 2 });
    expect((await shop.call('DELETE', '/api/cart/coupon', guest)).body).not.toHaveProperty('couponCode');
  });

  it('of a guest goes over to the customer who has none', async () => {
    const [guest, customer] = await Promise.all([shop.guest(), shop.customer()]);
    await add(guest, 'LAMP');
    await useCoupon(guest, 'TEN');
    expect((await shop.call('POST', '/api/cart/merge', { ...guest, ...customer })).body).toMatchObject({ couponCode: 'TEN', lines: [{ sku: 'LAMP' }] });
  });

  it('that is used up while it lies in a cart is named in the quote', async () => {
    const guest = await shop.guest();
    await neighbour.publish(coupon('LAST'));
    await eventually(async () => expect((await useCoupon(guest, 'LAST')).status).toBe(200));
    await add(guest, 'LAMP');
    await neighbour.publish(coupon('LAST', { version: 2, exhausted: true }), coupon('LAST', { version: 1 }));
    await eventually(async () => expect((await quote(guest)).coupon).toMatchObject({ applied: false, reason: 'exhausted' }));
  });
});
