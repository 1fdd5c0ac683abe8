import { randomUUID } from 'node:crypto';
import { createEvent, stockRejected } from '@shopfleet/contracts';
import { money } from '@shopfleet/kernel';
import { eventually } from '@shopfleet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, readAnswer, type Answer, type OrderWorld } from './order-world.ts';
import { aShopper } from './players.ts';

let world: OrderWorld;

beforeAll(async () => {
  world = await openWorld({ PAYMENT_TIMEOUT_MS: '6000' });
  await world.product.sell({
    LAMP: { price: money(1999, 'EUR'), stock: 10_000 },
    RARE: { price: money(9900, 'EUR'), stock: 1 },
  });
  await eventually(async () => expect(await world.db.collection('price_book').countDocuments()).toBe(2));
});
afterAll(() => world.close());

const customer = async (lines = [{ sku: 'LAMP', quantity: 2 }]): Promise<{ userId: string; token: string }> => {
  const userId = aShopper();
  world.gateway.fillCart(userId, lines);
  return { userId, token: await world.gateway.tokenFor({ userId }) };
};
const get = async (path: string, headers: Record<string, string> = {}): Promise<Answer> => readAnswer(await fetch(`${world.url}${path}`, { headers }));
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

describe('a checkout', () => {
  it('ends with a paid order, charged once, and tells everybody', async () => {
    const { token } = await customer();
    const { status, headers, body } = await world.order({ key: randomUUID(), token });
    expect({ status, body }).toMatchObject({ status: 201, body: { status: 'paid', totals: { total: money(4488, 'EUR') } } });
    expect(body['number']).toMatch(/^SF-/);
    expect(body['orderToken']).toBeUndefined();
    expect(headers.get('location')).toBe(`/api/orders/${String(body['id'])}`);
    expect(await world.charges(body['id'])).toMatchObject([{ status: 'succeeded' }]);
    await eventually(() => expect(world.product.typesOf(String(body['id']))).toEqual(['order.placed.v1', 'payment.succeeded.v1', 'order.paid.v1']));
  });

  it('writes in the language of the account, or in the one that is asked for', async () => {
    const { userId } = await customer();
    const token = await world.gateway.tokenFor({ userId, locale: 'de-AT' });
    const ofAccount = await world.order({ key: randomUUID(), token });
    expect(ofAccount).toMatchObject({ status: 201, body: { contact: { locale: 'de-AT' } } });
    const placed = await world.db.collection('outbox').findOne({ 'event.subject': ofAccount.body['id'], 'event.type': 'order.placed.v1' });
    expect(placed).toMatchObject({ event: { data: { contact: { locale: 'de-AT' } } } });
    const tokenOfEarlier = (await customer()).token;
    expect(await world.order({ key: randomUUID(), token: tokenOfEarlier })).toMatchObject({ body: { contact: { locale: 'en' } } });
    expect(await world.order({ key: randomUUID(), token: (await customer()).token, body: { locale: 'PT-br' } })).toMatchObject({ body: { contact: { locale: 'PT-br' } } });
  });

  it('answers 409 with what is short when the stock does not suffice', async () => {
    const { token } = await customer([{ sku: 'RARE', quantity: 2 }]);
    const { status, body } = await world.order({ key: randomUUID(), token });
    expect({ status, body }).toMatchObject({ status: 409, body: { code: 'out-of-stock', shortages: [{ sku: 'RARE', requested: 2, available: 1 }] } });
    expect(await world.charges(body['orderId'])).toEqual([]);
  });

  it('answers 402 and gives the stock back when the payment is declined', async () => {
    const { token } = await customer();
    const { status, body } = await world.order({ key: randomUUID(), token, body: { payment: { token: 'tok_declined' } } });
    expect({ status, body }).toMatchObject({ status: 402, body: { code: 'payment-declined' } });
    await eventually(() => expect(world.product.typesOf(String(body['orderId']))).toEqual(['order.placed.v1', 'payment.failed.v1', 'order.cancelled.v1']));
  });

  it('charges once when the payment succeeds but its answer is lost', async () => {
    const { token } = await customer();
    const { status, body } = await world.order({ key: randomUUID(), token, body: { payment: { token: 'tok_timeout' } } });
    expect({ status, body }).toMatchObject({ status: 201, body: { status: 'paid' } });
    expect(await world.charges(body['id'])).toHaveLength(1);
  });

  it('answers 202 with a Location when nobody waits, and ends all the same', async () => {
    const { token } = await customer();
    const { status, headers, body } = await world.order({ key: randomUUID(), token, headers: { prefer: 'wait=0' } });
    expect({ status, body }).toMatchObject({ status: 202, body: { status: 'pending' } });
    const location = headers.get('location') ?? '';
    await eventually(async () => expect((await get(location, bearer(token))).body).toMatchObject({ status: 'paid' }));
  });

  it('says so when the cart is empty', async () => {
    const { token } = await customer([]);
    expect(await world.order({ key: randomUUID(), token })).toMatchObject({ status: 409, body: { code: 'conflict', detail: expect.stringContaining('cart is empty') } });
  });

  it('refuses a price sent by the client, and a total that is no longer true', async () => {
    const { token } = await customer();
    expect(await world.order({ key: randomUUID(), token, body: { price: 1 } })).toMatchObject({ status: 400, body: { code: 'validation-failed' } });
    expect(await world.order({ key: randomUUID(), token, body: { expectedTotal: money(1, 'EUR') } })).toMatchObject({ status: 409, body: { code: 'price-changed' } });
  });
});

describe('a guest', () => {
  it('orders with an e-mail address and sees the order with its token only', async () => {
    const cartToken = randomUUID();
    world.gateway.fillCart(cartToken, [{ sku: 'LAMP', quantity: 1 }]);
    const headers = { 'x-cart-token': cartToken };
    expect(await world.order({ key: randomUUID(), headers })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/email' }] } });
    const { status, body } = await world.order({ key: randomUUID(), headers, body: { email: 'guest@example.com' } });
    expect({ status, body }).toMatchObject({ status: 201, body: { contact: { email: 'guest@example.com' } } });
    const path = `/api/orders/${String(body['id'])}`;
    expect(await get(path, { 'x-order-token': String(body['orderToken']) })).toMatchObject({ status: 200, body: { id: body['id'] } });
    expect(await get(path, { 'x-order-token': 'guessed' })).toMatchObject({ status: 404 });
    expect(await get(path)).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });

  it('needs a cart', async () => {
    expect(await world.order({ key: randomUUID(), body: { email: 'guest@example.com' } })).toMatchObject({ status: 401 });
  });
});

describe('orders', () => {
  it("are another customer's secret, and open to the staff", async () => {
    const { token } = await customer();
    const { body } = await world.order({ key: randomUUID(), token });
    const path = `/api/orders/${String(body['id'])}`;
    const stranger = await customer();
    const employee = await world.gateway.tokenFor({ userId: aShopper(), roles: ['employee'] });
    for (const route of [path, `${path}/timeline`, `/api/orders/${String(body['number'])}`]) {
      expect(await get(route, bearer(token))).toMatchObject({ status: 200 });
      expect(await get(route, bearer(stranger.token))).toMatchObject({ status: 404 });
      expect(await get(route)).toMatchObject({ status: 404 });
      expect(await get(route, bearer(employee))).toMatchObject({ status: 200 });
    }
    for (const verb of ['cancel', 'ship', 'deliver']) {
      const response = await fetch(`${world.url}${path}/${verb}`, { method: 'POST', headers: { ...bearer(stranger.token), 'content-type': 'application/json' }, body: '{}' });
      expect([403, 404]).toContain(response.status);
    }
  });

  it('are listed page by page, the newest first', async () => {
    const { token } = await customer();
    const ids: unknown[] = [];
    for (let n = 0; n < 3; n += 1) ids.unshift((await world.order({ key: randomUUID(), token })).body['id']);
    const seen: unknown[] = [];
    for (let path: string | undefined = '/api/orders?limit=2'; path !== undefined; ) {
      const { body } = (await get(path, bearer(token))) as { body: { items?: { id: string }[]; pagination?: { nextCursor?: string } } };
      seen.push(...(body.items ?? []).map(({ id }) => id));
      const next: string | undefined = body.pagination?.nextCursor;
      path = next === undefined ? undefined : `/api/orders?limit=2&cursor=${next}`;
    }
    expect(seen).toEqual(ids);
    expect((await get('/api/orders?status=cancelled', bearer(token))).body).toMatchObject({ items: [] });
    expect(await get('/api/orders?page=1', bearer(token))).toMatchObject({ status: 400 });
    expect(await get('/api/orders')).toMatchObject({ status: 401 });
  });

  it('can be cancelled when paid, and the money goes back once', async () => {
    const { token } = await customer();
    const { body } = await world.order({ key: randomUUID(), token });
    const path = `${world.url}/api/orders/${String(body['id'])}`;
    const cancel = async (): Promise<Answer> => readAnswer(await fetch(`${path}/cancel`, { method: 'POST', headers: { ...bearer(token), 'content-type': 'application/json' }, body: '{}' }));
    expect(await cancel()).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    expect(await cancel()).toMatchObject({ status: 409, body: { code: 'invalid-transition' } });
    await eventually(async () => expect(await world.charges(body['id'])).toMatchObject([{ refunded: 4488 }]));
    await eventually(() => expect(world.product.typesOf(String(body['id'])).slice(-2)).toEqual(['order.cancelled.v1', 'payment.refunded.v1']));
  });

  it('wait for their stock as long as it takes, and are asked for again', async () => {
    world.product.answering = false;
    const { token } = await customer();
    const { body } = await world.order({ key: randomUUID(), token, headers: { prefer: 'wait=0' } });
    const _id = String(body['id']) as never;
    await eventually(() => expect(world.product.typesOf(String(body['id']))).toEqual(['order.placed.v1']));
    // The broker was away for two hours.
    await world.db.collection('orders').updateOne({ _id }, { $set: { createdAt: new Date(Date.now() - 7_200_000) } });
    await eventually(async () => expect(await world.db.collection('orders').findOne({ _id })).toMatchObject({ status: 'pending', asked: expect.any(Number) as number }), { timeoutMs: 40_000 });
    world.product.answering = true;
    await eventually(async () => expect((await get(`/api/orders/${String(body['id'])}`, bearer(token))).body).toMatchObject({ status: 'paid' }), { timeoutMs: 15_000 });
  });

  it('that were shipped without their stock are left to a person', async () => {
    const { token } = await customer();
    const { body } = await world.order({ key: randomUUID(), token });
    const orderId = String(body['id']);
    const employee = await world.gateway.tokenFor({ userId: aShopper(), roles: ['employee'] });
    const headers = { ...bearer(employee), 'content-type': 'application/json' };
    expect((await fetch(`${world.url}/api/orders/${orderId}/ship`, { method: 'POST', headers, body: '{}' })).status).toBe(200);
    await world.product.publish([createEvent(stockRejected, { source: 'product', subject: orderId, data: { orderId, shortages: [{ sku: 'LAMP', requested: 2, available: 0 }] } })]);
    await eventually(async () => expect(await world.db.collection('stock_discrepancies').findOne({ _id: orderId as never })).toMatchObject({ shortages: [{ sku: 'LAMP' }] }));
    expect((await get(`/api/orders/${orderId}`, bearer(token))).body).toMatchObject({ status: 'shipped' });
  });

  it('are shipped and delivered by the staff', async () => {
    const { token } = await customer();
    const { body } = await world.order({ key: randomUUID(), token });
    const employee = await world.gateway.tokenFor({ userId: aShopper(), roles: ['employee'] });
    const act = async (verb: string, json: object): Promise<Answer> =>
      readAnswer(await fetch(`${world.url}/api/orders/${String(body['id'])}/${verb}`, { method: 'POST', headers: { ...bearer(employee), 'content-type': 'application/json' }, body: JSON.stringify(json) }));
    expect(await act('deliver', {})).toMatchObject({ status: 409 });
    expect(await act('ship', { tracking: { carrier: 'Parcel Example', code: 'PE0001' } })).toMatchObject({ status: 200, body: { status: 'shipped' } });
    expect(await act('deliver', {})).toMatchObject({ status: 200, body: { status: 'delivered' } });
    const { body: timeline } = (await get(`/api/orders/${String(body['id'])}/timeline`, bearer(token))) as { body: { items?: { status: string; by: string }[] } };
    expect(timeline.items?.map(({ status, by }) => `${status} by ${by}`)).toEqual([
      'pending by customer',
      'reserved by shop',
      'awaiting_payment by shop',
      'paid by shop',
      'shipped by staff',
      'delivered by staff',
    ]);
  });
});

describe('the OpenAPI document', () => {
  it('describes every route with schemas', async () => {
    const { body } = (await get('/api/orders/openapi.json')) as { body: { paths?: Record<string, Record<string, { responses: Record<string, unknown> }>> } };
    expect(Object.keys(body.paths ?? {}).filter((path) => path.startsWith('/api/orders') && !path.endsWith('/health')).toSorted()).toEqual([
      '/api/orders',
      '/api/orders/stats',
      '/api/orders/webhooks/payments',
      '/api/orders/{id}',
      '/api/orders/{id}/cancel',
      '/api/orders/{id}/deliver',
      '/api/orders/{id}/payments',
      '/api/orders/{id}/refunds',
      '/api/orders/{id}/returns',
      '/api/orders/{id}/ship',
      '/api/orders/{id}/timeline',
    ]);
    expect(Object.keys(body.paths?.['/api/orders']?.['post']?.responses ?? {})).toEqual(expect.arrayContaining(['201', '202', '402', '409', '422']));
  });
});
