import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../src/shop.ts';
import { expectStatus, Shopper, variantsInStock, type Order, type Variant } from '../src/shopper.ts';

interface Totals {
  readonly subtotal: { readonly amount: number };
  readonly discount: { readonly amount: number };
  readonly total: { readonly amount: number; readonly currency: string };
}

let manager: Shopper;
let variants: Variant[];

beforeAll(async () => {
  manager = new Shopper();
  await manager.login('shopfleet-demo', 'manager@example.com');
  variants = await variantsInStock(4);
});

/** A new coupon that the carts have heard of. */
async function aCoupon(rules: object): Promise<string> {
  const code = `E2E-${randomUUID().slice(0, 8).toUpperCase()}`;
  expectStatus(await manager.post('/api/coupons', { code, ...rules }), 201);
  const witness = new Shopper();
  await waitFor('the carts to hear of the coupon', async () => ((await witness.send('/api/cart/coupon', { method: 'PUT', body: { code } })).status === 200 ? true : undefined));
  return code;
}

/** A guest with two products in the cart, a coupon and a way of shipping. */
async function aGuest(coupon: string, method = 'standard'): Promise<Shopper> {
  const guest = new Shopper();
  for (const { sku } of variants.slice(0, 2)) await guest.addToCart(sku, 2);
  expectStatus(await guest.send('/api/cart/coupon', { method: 'PUT', body: { code: coupon } }), 200);
  expectStatus(await guest.send('/api/cart/shipping', { method: 'PUT', body: { method } }), 200);
  return guest;
}

describe('what the cart quotes', () => {
  it.each([
    [{ benefit: { kind: 'percent', basisPoints: 1_234 } }, 'standard'],
    [{ benefit: { kind: 'amount', amount: { amount: 777, currency: 'EUR' } } }, 'express'],
    [{ benefit: { kind: 'free-shipping' } }, 'standard'],
  ])('is what the order charges: %j, %s', async (rules, method) => {
    const guest = await aGuest(await aCoupon(rules), method);
    const { totals: quoted } = expectStatus(await guest.get<{ totals: Totals }>('/api/cart/quote?country=DE'), 200).body;
    const placed = expectStatus(await guest.order('tok_ok'), 201).body as Order & { totals: Totals };
    expect(placed.totals).toEqual(quoted);
    await waitFor('the coupon to leave the cart with what was bought', async () => {
      const { body } = await guest.get<{ couponCode?: string; lines: unknown[] }>('/api/cart');
      return body.couponCode === undefined && body.lines.length === 0 ? true : undefined;
    });
  });
});

describe('a coupon with one use left', () => {
  it('is taken by one of ten guests, told to the carts, and free again when that order is declined', async () => {
    const code = await aCoupon({ benefit: { kind: 'percent', basisPoints: 1_000 }, usesInAll: 1 });
    const declined = await aGuest(code);
    expectStatus(await declined.order('tok_declined'), 402);
    const guests = await Promise.all(Array.from({ length: 10 }, () => aGuest(code)));
    const answers = await Promise.all(guests.map((guest) => guest.order('tok_ok')));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(answers.filter(({ status }) => status !== 201).map(({ body }) => body.code))).toEqual(new Set(['coupon-exhausted']));
    await waitFor('the quote to say so', async () => {
      const quotes = await guests[0]?.get<{ coupon?: { reason?: string } }>('/api/cart/quote');
      const other = await guests[1]?.get<{ coupon?: { reason?: string } }>('/api/cart/quote');
      return [quotes, other].some((quote) => quote?.body.coupon?.reason === 'exhausted') ? true : undefined;
    });
  });
});
