import { randomUUID } from 'node:crypto';
import { money } from '@shopfleet/kernel';
import { eventually } from '@shopfleet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type Answer, type OrderWorld } from './order-world.ts';
import { aShopper } from './players.ts';

let world: OrderWorld;

beforeAll(async () => {
  world = await openWorld();
  await world.product.sell({ LAMP: { price: money(1999, 'EUR'), stock: 10_000 } });
  await eventually(async () => expect(await world.db.collection('price_book').countDocuments()).toBe(1));
});
afterAll(() => world.close());

const customer = async (): Promise<{ userId: string; token: string }> => {
  const userId = aShopper();
  world.gateway.fillCart(userId, [{ sku: 'LAMP', quantity: 2 }]);
  return { userId, token: await world.gateway.tokenFor({ userId }) };
};

describe('an Idempotency-Key', () => {
  it('is required', async () => {
    const { token } = await customer();
    expect(await world.order({ key: '', token })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/headers/idempotency-key' }] } });
  });

  it('gives the first answer again, byte for byte, and refuses another body', async () => {
    const { token, userId } = await customer();
    const key = randomUUID();
    const first = await world.order({ key, token });
    world.gateway.fillCart(userId, []);
    const again = await world.order({ key, token });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect({ status: again.status, text: again.text }).toEqual({ status: 201, text: first.text });
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect(await world.order({ key, token, body: { locale: 'de' } })).toMatchObject({ status: 422, body: { code: 'idempotency-mismatch' } });
  });

  it('gives a refusal again', async () => {
    const { token } = await customer();
    const request = { key: randomUUID(), token, body: { payment: { token: 'tok_declined' } } };
    const first = await world.order(request);
    const again = await world.order(request);
    expect({ status: again.status, text: again.text }).toEqual({ status: 402, text: first.text });
    expect(again.headers.get('content-type')).toContain('application/problem+json');
  });

  it('does not keep a validation error', async () => {
    const { token } = await customer();
    const key = randomUUID();
    expect(await world.order({ key, token, body: { payment: {} } })).toMatchObject({ status: 400 });
    expect(await world.order({ key, token })).toMatchObject({ status: 201 });
  });

  it('belongs to one customer', async () => {
    const key = randomUUID();
    const [one, other] = [await customer(), await customer()];
    const [first, second] = [await world.order({ key, token: one.token }), await world.order({ key, token: other.token })];
    expect(second.status).toBe(201);
    expect(second.body['id']).not.toBe(first.body['id']);
  });

  it('lets fifty requests at once place one order and charge once', async () => {
    const { token, userId } = await customer();
    const key = randomUUID();
    const another = await world.startAnother();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => world.order({ key, token, url: n % 2 === 0 ? world.url : another.url })));
    const paid = answers.filter(({ status }) => status === 201);
    expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    expect(paid.length).toBeGreaterThanOrEqual(1);
    expect(new Set(paid.map(({ text }) => text)).size).toBe(1);
    for (const { status, headers, body } of answers) {
      if (status === 409) expect({ code: body['code'], retry: headers.get('retry-after') }).toEqual({ code: 'idempotency-in-flight', retry: '1' });
    }
    expect(await world.db.collection('orders').countDocuments({ userId })).toBe(1);
    expect(await world.charges(paid[0]?.body['id'])).toHaveLength(1);
  });

  it('belongs to an effect for longer than its answer is kept: the same request gets its order, another one is refused', async () => {
    const { token, userId } = await customer();
    const key = randomUUID();
    const first = await world.order({ key, token });
    // As after a day, or after an answer of 5xx.
    await world.db.collection('idempotency_keys').deleteMany({});
    world.gateway.fillCart(userId, []);
    expect(await world.order({ key, token })).toMatchObject({ status: 201, body: { id: first.body['id'] } });
    await world.db.collection('idempotency_keys').deleteMany({});
    world.gateway.fillCart(userId, [{ sku: 'LAMP', quantity: 2 }]);
    expect(await world.order({ key, token, body: { locale: 'de' } })).toMatchObject({ status: 422, body: { code: 'idempotency-mismatch' } });
    expect(await world.db.collection('orders').countDocuments({ userId })).toBe(1);
  });

  it("stays a guest's own when the cart's token is renewed", async () => {
    const cartToken = randomUUID();
    world.gateway.fillCart(cartToken, [{ sku: 'LAMP', quantity: 1 }]);
    const request = { key: randomUUID(), body: { email: 'guest@example.com' } };
    const first = await world.order({ ...request, headers: { 'x-cart-token': cartToken } });
    expect(first.status).toBe(201);
    const again = await world.order({ ...request, headers: { 'x-cart-token': `${cartToken}~2` } });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.text).toBe(first.text);
  });

  it('serves clients that hang up and try again', async () => {
    const { token, userId } = await customer();
    const key = randomUUID();
    let answer: Answer | undefined;
    for (let attempt = 0; attempt < 3; attempt += 1) await world.order({ key, token, signal: AbortSignal.timeout(5) }).catch(() => undefined);
    await eventually(async () => {
      answer = await world.order({ key, token });
      return answer.status !== 409;
    });
    expect(answer).toMatchObject({ status: 201, body: { status: 'paid' } });
    expect(answer?.headers.get('idempotency-replayed')).toBe('true');
    expect(await world.db.collection('orders').countDocuments({ userId })).toBe(1);
  });
});
