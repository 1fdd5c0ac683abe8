import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCartShop, type CartShop, type Shopper } from './cart-shop.ts';

let shop: CartShop;

beforeAll(async () => {
  shop = await openCartShop();
  await shop.stock({ sku: 'LAMP' }, { sku: 'CHAIR', price: { amount: 15_000, currency: 'EUR' } });
  await shop.stock({ sku: 'SUSHI', price: { amount: 1_200, currency: 'JPY' } });
  await shop.stock({ sku: 'OLD', active: false });
  await shop.stock(...Array.from({ length: 130 }, (_, i) => ({ sku: `MANY-${i}`, price: { amount: i, currency: 'EUR' as const } })));
});

afterAll(() => shop.close());

const add = (shopper: Shopper, sku: string, quantity = 1, headers: Record<string, string> = {}) => shop.call('POST', '/api/cart/items', shopper, { sku, quantity }, headers);

describe('a guest', () => {
  it('gets a cart by its first line and finds it again by the token', async () => {
    const first = await shop.call('POST', '/api/cart/items', {}, { sku: 'LAMP', quantity: 2 });
    expect(first.status).toBe(201);
    expect(first.headers.get('cache-control')).toBe('private, no-store');
    const guest = { 'x-cart-token': first.body.cartToken ?? '' };
    const { body } = await add(guest, 'CHAIR');
    expect(body).toMatchObject({ version: 2, currency: 'EUR', subtotal: { amount: 24_980, currency: 'EUR' } });
    expect(body.lines.map(({ sku, quantity }) => [sku, quantity])).toEqual([['LAMP', 2], ['CHAIR', 1]]);
    expect((await shop.call('GET', '/api/cart', guest)).body).toEqual(body);
  });

  it('is told so when the token is forged', async () => {
    const { status, body } = await shop.call('GET', '/api/cart', { 'x-cart-token': 'crt_1.zzzzzz.forged' });
    expect(status).toBe(401);
    expect(body.detail).toContain('X-Cart-Token');
  });

  it('is counted before the token is looked at, so that guessing is limited too', async () => {
    const { status, headers } = await shop.call('GET', '/api/cart', { authorization: 'Bearer a.b.c' });
    expect(status).toBe(401);
    expect(headers.get('ratelimit')).toMatch(/^"default";r=\d+;t=\d+$/u);
  });

  it('has a cart that expires', async () => {
    const guest = await shop.guest();
    const { id } = (await add(guest, 'LAMP')).body;
    const days = (await shop.redis.ttl(`{cart}:c:${id}`)) / 86_400;
    expect([days > 29.99, days <= 30]).toEqual([true, true]);
  });
});

describe('a customer', () => {
  it('has one cart on all devices', async () => {
    const [phone, desk] = await Promise.all([shop.customer('usr_one'), shop.customer('usr_one')]);
    await add(phone, 'LAMP');
    const { body } = await shop.call('GET', '/api/cart', desk);
    expect(body.lines).toHaveLength(1);
    expect(body).not.toHaveProperty('cartToken');
  });

  it('cannot be read by another customer', async () => {
    await add(await shop.customer('usr_two'), 'LAMP');
    expect((await shop.call('GET', '/api/cart', await shop.customer('usr_three'))).body.lines).toEqual([]);
  });
});

describe('a change', () => {
  it('sets, removes and clears lines', async () => {
    const guest = await shop.guest();
    const lamp = (await add(guest, 'LAMP')).body.lines[0]?.id ?? '';
    await add(guest, 'CHAIR');
    expect((await shop.call('PATCH', `/api/cart/items/${lamp}`, guest, { quantity: 7 })).body.lines[0]).toMatchObject({ sku: 'LAMP', quantity: 7 });
    expect((await shop.call('DELETE', `/api/cart/items/${lamp}`, guest)).body.lines.map(({ sku }) => sku)).toEqual(['CHAIR']);
    const { body } = await shop.call('DELETE', '/api/cart', guest);
    expect(body).toMatchObject({ lines: [], version: 5, subtotal: { amount: 0, currency: 'EUR' } });
  });

  it('answers 400 that names the field for a SKU nobody sells', async () => {
    for (const sku of ['NOWHERE', 'OLD']) {
      const { status, body } = await add(await shop.guest(), sku);
      expect(status).toBe(400);
      expect(body.errors?.[0]?.pointer).toBe('/sku');
    }
  });

  it.each([{ sku: 'LAMP', quantity: 0 }, { sku: 'LAMP', quantity: 100 }, { sku: 'LAMP', quantity: 1.5 }, { sku: 'LAMP', price: 1 }, { sku: { $ne: '' } }, {}])(
    'refuses the body %j',
    async (body) => expect((await shop.call('POST', '/api/cart/items', {}, body)).status).toBe(400),
  );

  it('answers 404 for a line that is not there', async () => {
    const guest = await shop.guest();
    expect((await shop.call('PATCH', '/api/cart/items/lin_nowhere', guest, { quantity: 1 })).status).toBe(404);
    expect((await shop.call('DELETE', '/api/cart/items/lin_TEFNUA', guest)).status).toBe(404);
  });

  it('keeps one currency per cart, and forgets it with the last line', async () => {
    const guest = await shop.guest();
    await add(guest, 'LAMP');
    const refused = await add(guest, 'SUSHI');
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    await shop.call('DELETE', '/api/cart', guest);
    expect((await add(guest, 'SUSHI')).body).toMatchObject({ currency: 'JPY', subtotal: { amount: 1_200, currency: 'JPY' } });
  });

  it('stays within 99 pieces a line and 100 lines', async () => {
    const guest = await shop.guest();
    await add(guest, 'LAMP', 98);
    expect((await add(guest, 'LAMP', 2)).status).toBe(409);
    for (let i = 0; i < 99; i += 1) await add(guest, `MANY-${i}`);
    expect((await add(guest, 'MANY-99')).status).toBe(409);
    expect((await add(guest, 'LAMP', 1)).body.lines).toHaveLength(100);
  });

  it('is refused with 412 when the cart was changed since it was read', async () => {
    const guest = await shop.guest();
    const { headers } = await add(guest, 'LAMP');
    const etag = headers.get('etag') ?? '';
    expect(etag).toBe('"1"');
    expect((await add(guest, 'CHAIR', 1, { 'if-match': etag })).status).toBe(201);
    const stale = await add(guest, 'CHAIR', 1, { 'if-match': etag });
    expect([stale.status, stale.body.code]).toEqual([412, 'precondition-failed']);
    const line = (await shop.call('GET', '/api/cart', guest)).body.lines[0]?.id;
    expect((await shop.call('DELETE', `/api/cart/items/${line}`, guest, undefined, { 'if-match': etag })).status).toBe(412);
    expect((await shop.call('DELETE', '/api/cart', guest, undefined, { 'if-match': '"2"' })).status).toBe(200);
  });

  it('adds nothing twice under one Idempotency-Key', async () => {
    const guest = await shop.guest();
    const key = { 'idempotency-key': 'retry-1' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => add(guest, 'LAMP', 2, key)));
    expect(answers.map(({ body }) => body.lines[0]?.quantity)).toEqual(Array(10).fill(2));
    expect((await add(guest, 'LAMP', 3, key)).status).toBe(422);
  });
});

describe('prices', () => {
  it('are those of now, and say when they have changed', async () => {
    const guest = await shop.guest();
    await shop.stock({ sku: 'VASE', price: { amount: 2_000, currency: 'EUR' } });
    await add(guest, 'VASE', 3);
    await shop.priceBook.changePrice('VASE', 2, { amount: 1_500, currency: 'EUR' });
    const { body } = await shop.call('GET', '/api/cart', guest);
    expect(body.lines[0]).toMatchObject({ price: { amount: 1_500 }, priceChanged: true, previousPrice: { amount: 2_000 }, lineTotal: { amount: 4_500 } });
    expect(body.subtotal.amount).toBe(4_500);
  });
});

describe('checkout', () => {
  it('gets the lines of the shopper whose credentials it brings', async () => {
    const guest = await shop.guest();
    const { body } = await add(guest, 'LAMP', 2);
    expect(await shop.checkoutCart(guest)).toEqual({ id: body.id, version: 1, currency: 'EUR', lines: [{ sku: 'LAMP', quantity: 2 }] });
    const customer = await shop.customer('usr_checkout');
    expect(await shop.checkoutCart(customer)).toMatchObject({ id: 'crt_checkout', userId: 'usr_checkout', lines: [] });
  });

  it('is not reached without the secret of the services, and needs a shopper', async () => {
    expect((await shop.call('GET', '/internal/carts/current', await shop.guest())).status).toBe(404);
    expect((await shop.call('GET', '/internal/carts/current', {}, undefined, { 'x-internal-token': 'internal-token-of-the-test' })).status).toBe(401);
  });
});
