import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { call, waitFor } from '../src/shop.ts';
import { expectStatus, Shopper, variantsInStock, type Variant } from '../src/shopper.ts';

let staff: Shopper;
let variants: Variant[];

beforeAll(async () => {
  staff = new Shopper();
  await staff.login('shopfleet-demo', 'employee@example.com');
  variants = await variantsInStock(4);
});

/** What can still be sold of a SKU, from the ledger that only staff see. */
async function available(sku: string): Promise<number> {
  const { body } = expectStatus(await staff.get<{ onHand: number; reserved: number }>(`/api/inventory/${sku}`), 200);
  return body.onHand - body.reserved;
}

async function pick(index: number): Promise<Variant> {
  const variant = variants[index];
  if (!variant) throw new Error('not enough variants');
  return Promise.resolve(variant);
}

describe('a customer', () => {
  it('registers, verifies, searches, buys two products and is told', async () => {
    const shopper = new Shopper();
    await shopper.becomeCustomer();

    const [first, second, later] = [await pick(0), await pick(1), await pick(2)];
    const found = await call<{ items: { variants: Variant[] }[] }>(`/api/products?q=${encodeURIComponent((await productName(first.sku)).split(' ')[0] ?? '')}&limit=100`);
    expect(found.body.items.length).toBeGreaterThan(0);

    const before = [await available(first.sku), await available(second.sku)];
    await shopper.addToCart(first.sku, 2);
    await shopper.addToCart(second.sku, 1);
    const placed = expectStatus(await shopper.order('tok_ok'), 201);
    expect(placed.body.status).toBe('paid');
    await shopper.addToCart(later.sku, 1);

    expect(await available(first.sku)).toBe((before[0] ?? 0) - 2);
    expect(await available(second.sku)).toBe((before[1] ?? 0) - 1);
    await waitFor('the cart holds only what was added later', async () => {
      const { lines } = await shopper.cart();
      return lines.length === 1 && lines[0]?.sku === later.sku ? true : undefined;
    });
    expect((await shopper.mail(new RegExp(placed.body.number, 'u'))).text).toContain(placed.body.number);
    await waitFor('a notification in the list', async () => {
      const { body } = await shopper.get<{ items: { kind: string }[] }>('/api/notifications');
      return body.items.some(({ kind }) => /paid/u.test(kind)) ? true : undefined;
    });
  });

  it('gets the same answer for the same key, and pays once', async () => {
    const shopper = new Shopper();
    await shopper.becomeCustomer();
    await shopper.addToCart((await pick(3)).sku);
    const key = randomUUID();
    const first = expectStatus(await shopper.order('tok_ok', { key }), 201);
    const again = expectStatus(await shopper.order('tok_ok', { key }), 201);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(expectStatus(await shopper.order('tok_declined', { key }), 422).body.code).toBe('idempotency-mismatch');
  });

  it('sees nothing of the orders of others', async () => {
    const [owner, stranger] = [new Shopper(), new Shopper()];
    await owner.becomeCustomer();
    await stranger.becomeCustomer();
    await owner.addToCart((await pick(3)).sku);
    const { body } = expectStatus(await owner.order('tok_ok'), 201);
    expect((await owner.get(`/api/orders/${body.id}`)).status).toBe(200);
    expect((await stranger.get(`/api/orders/${body.id}`)).status).toBe(404);
    expect((await call(`/api/orders/${body.id}`)).status).toBe(404);
  });
});

describe('a guest', () => {
  it('buys with an e-mail address and sees the order by its token', async () => {
    const guest = new Shopper();
    await guest.addToCart((await pick(0)).sku);
    const placed = expectStatus(await guest.order('tok_ok'), 201);
    expect(placed.body.status).toBe('paid');
    await guest.mail(new RegExp(placed.body.number, 'u'));
    const seen = await call(`/api/orders/${placed.body.id}`, { headers: { 'x-order-token': placed.body.orderToken ?? '' } });
    expect(seen.status).toBe(200);
  });

  it('whose payment is declined keeps the cart, and the stock is given back', async () => {
    const guest = new Shopper();
    const { sku } = await pick(1);
    const before = await available(sku);
    await guest.addToCart(sku, 2);
    const declined = expectStatus(await guest.order('tok_declined'), 402);
    expect(declined.body.code).toBe('payment-declined');
    await waitFor('the stock is back', async () => ((await available(sku)) === before ? true : undefined));
    expect((await guest.cart()).lines).toHaveLength(1);
  });

  it('whose payment answers late is charged once', async () => {
    const guest = new Shopper();
    await guest.addToCart((await pick(2)).sku);
    const answer = expectStatus(await guest.order('tok_timeout'), 201, 202);
    const token = answer.body.orderToken ?? '';
    await waitFor(
      'the order is paid',
      async () => ((await call<{ status: string }>(`/api/orders/${answer.body.id}`, { headers: { 'x-order-token': token } })).body.status === 'paid' ? true : undefined),
      45,
    );
  });
});

async function productName(sku: string): Promise<string> {
  const list = await call<{ items: { name: string; variants: Variant[] }[] }>('/api/products?inStock=true&limit=60&sort=createdAt');
  return list.body.items.find((item) => item.variants.some((variant) => variant.sku === sku))?.name ?? '';
}
