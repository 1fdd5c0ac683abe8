import { randomUUID } from 'node:crypto';
import { money } from '@shopfleet/kernel';
import { eventually } from '@shopfleet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, readAnswer, type Answer, type OrderWorld } from './order-world.ts';
import { aShopper } from './players.ts';

/** How many grasp at the last use of a coupon; the long form of the test takes more. */
const TAKERS = Number(process.env['COUPON_TAKERS'] ?? 100);

let world: OrderWorld;
let manager: string;

beforeAll(async () => {
  world = await openWorld();
  manager = await world.gateway.tokenFor({ userId: 'usr_manager', roles: ['manager'] });
  await world.product.sell({ LAMP: { price: money(10_000, 'EUR'), stock: 100_000 }, RARE: { price: money(10_000, 'EUR'), stock: 0 }, YEN: { price: money(10_000, 'JPY'), stock: 10 } });
  await eventually(async () => expect(await world.db.collection('price_book').countDocuments()).toBe(3));
});
afterAll(() => world.close());

const newCode = (): string => `C-${randomUUID().slice(0, 8).toUpperCase()}`;
const tenPercent = { kind: 'percent', basisPoints: 1_000 };

async function admin(method: string, path: string, body?: object, headers: Record<string, string> = {}, token = manager): Promise<Answer> {
  const response = await fetch(`${world.url}/api/coupons${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  return readAnswer(response);
}

async function aCoupon(rules: object = {}): Promise<string> {
  const code = newCode();
  const answer = await admin('POST', '', { code, benefit: tenPercent, ...rules });
  expect(answer.status, answer.text).toBe(201);
  return code;
}

const usedOf = async (code: string): Promise<unknown> => (await admin('GET', `/${code}`)).body['used'];

/** Somebody new (or `userId` again) orders with a coupon. */
async function orderWith(couponCode: string, { userId = aShopper(), sku = 'LAMP', token = 'tok_ok', body = {}, url = world.url }: { userId?: string; sku?: string; token?: string; body?: object; url?: string } = {}): Promise<Answer> {
  world.gateway.fillCart(userId, [{ sku, quantity: 1 }], { couponCode });
  const request = { url, key: randomUUID(), token: await world.gateway.tokenFor({ userId }), body: { payment: { token }, ...body } };
  let answer = await world.order(request);
  // A machine under load may say "in a moment": a client then asks again under the same key.
  for (let again = 0; answer.status === 503 && again < 5; again += 1) answer = await world.order(request);
  return answer;
}

describe('managers', () => {
  it('make, read, change and withdraw coupons', async () => {
    const code = await aCoupon({ usesInAll: 5, minimum: money(500, 'EUR'), endsAt: '2099-01-01T00:00:00.000Z' });
    const read = await admin('GET', `/${code.toLowerCase()}`);
    expect(read.body).toMatchObject({ code, benefit: tenPercent, usesInAll: 5, used: 0, revision: 1, active: true });
    expect(read.headers.get('etag')).toBe('"1"');
    expect((await admin('PATCH', `/${code}`, { active: false })).status).toBe(428);
    expect((await admin('PATCH', `/${code}`, { active: false }, { 'if-match': '"7"' })).status).toBe(412);
    const changed = await admin('PATCH', `/${code}`, { active: false, minimum: null, startsAt: '2026-01-01T00:00:00.000Z' }, { 'if-match': '"1"' });
    expect(changed.body).toMatchObject({ active: false, revision: 2, startsAt: '2026-01-01T00:00:00.000Z' });
    expect(changed.body).not.toHaveProperty('minimum');
    expect((await admin('POST', '', { code, benefit: tenPercent })).status).toBe(409);
    expect((await admin('GET', '/NOBODY-KNOWS')).status).toBe(404);
  });

  it('list them by cursor', async () => {
    for (let i = 0; i < 3; i += 1) await aCoupon();
    const seen: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const { body } = await admin('GET', `?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...(body['items'] as { code: string }[]).map(({ code }) => code));
      cursor = (body['pagination'] as { nextCursor?: string }).nextCursor;
    }
    expect(seen).toEqual(seen.toSorted());
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThanOrEqual(3);
  });

  it('cannot limit what was not counted, nor let it end before it begins', async () => {
    const code = await aCoupon({ startsAt: '2026-06-01T00:00:00.000Z' });
    expect((await admin('PATCH', `/${code}`, { usesInAll: 5 }, { 'if-match': '"1"' })).status).toBe(409);
    expect((await admin('PATCH', `/${code}`, { endsAt: '2026-05-01T00:00:00.000Z' }, { 'if-match': '"1"' })).status).toBe(400);
    expect((await admin('POST', '', { code: newCode(), benefit: { kind: 'percent', basisPoints: 10_001 } })).status).toBe(400);
    expect((await admin('POST', '', { code: newCode(), benefit: tenPercent, used: 0 })).status).toBe(400);
  });

  it('cannot make one that takes nothing off or could never hold', async () => {
    const pointersOf = (answer: Answer): [number, unknown] => [answer.status, (answer.body['errors'] as { pointer: string }[])[0]?.pointer];
    const off = (amount: number) => ({ kind: 'amount', amount: money(amount, 'EUR') });
    expect(pointersOf(await admin('POST', '', { code: newCode(), benefit: off(0) }))).toEqual([400, '/benefit/amount/amount']);
    expect(pointersOf(await admin('POST', '', { code: newCode(), benefit: off(500), minimum: money(500, 'USD') }))).toEqual([400, '/minimum/currency']);
    const code = await aCoupon({ minimum: money(500, 'USD') });
    expect(pointersOf(await admin('PATCH', `/${code}`, { benefit: off(500) }, { 'if-match': '"1"' }))).toEqual([400, '/minimum/currency']);
    expect((await admin('PATCH', `/${code}`, { benefit: off(500), minimum: null }, { 'if-match': '"1"' })).status).toBe(200);
  });

  it('alone may do so, and each change is told to the carts and the audit log', async () => {
    const employee = await world.gateway.tokenFor({ userId: 'usr_employee', roles: ['employee'] });
    expect((await admin('GET', '', undefined, {}, employee)).status).toBe(403);
    const code = await aCoupon({ usesPerCustomer: 1 });
    await admin('PATCH', `/${code}`, { usesPerCustomer: 2 }, { 'if-match': '"1"' });
    const rows = await world.db.collection('outbox').find({ 'event.subject': code }).sort({ _id: 1 }).toArray();
    expect(rows.map(({ event }) => [event.type, event.data.version ?? event.data.action])).toEqual([
      ['coupon.changed.v1', 1],
      ['audit.recorded.v1', 'coupon.create'],
      ['coupon.changed.v1', 2],
      ['audit.recorded.v1', 'coupon.change'],
    ]);
    expect(rows.at(-1)?.['event'].data).toMatchObject({ actor: { id: 'usr_manager' }, target: code, difference: { usesPerCustomer: { old: 1, new: 2 } } });
  });
});

describe('an order with a coupon', () => {
  it('is charged what is left, line by line', async () => {
    const { status, body } = await orderWith(await aCoupon());
    expect(status).toBe(201);
    expect(body['totals']).toEqual({
      subtotal: money(10_000, 'EUR'), discount: money(1_000, 'EUR'), shipping: money(0, 'EUR'), tax: money(1_437, 'EUR'), total: money(9_000, 'EUR'), taxIncluded: true,
    });
    expect(body['lines']).toMatchObject([{ lineTotal: money(10_000, 'EUR'), discount: money(1_000, 'EUR'), taxRate: 1_900, tax: money(1_437, 'EUR') }]);
    expect(await world.charges(body['id'])).toMatchObject([{ amount: 9_000 }]);
  });

  it.each([
    ['is unknown', () => Promise.resolve('NOBODY-KNOWS'), {}, 404, 'not-found'],
    ['has been withdrawn', () => aCoupon({ active: false }), {}, 409, 'conflict'],
    ['has expired', () => aCoupon({ endsAt: '2026-01-01T00:00:00.000Z' }), {}, 409, 'conflict'],
    ['has not begun', () => aCoupon({ startsAt: '2099-01-01T00:00:00.000Z' }), {}, 409, 'conflict'],
    ['needs more goods', () => aCoupon({ minimum: money(10_001, 'EUR') }), {}, 409, 'conflict'],
    ['is for another currency', () => aCoupon({ benefit: { kind: 'amount', amount: money(100, 'EUR') } }), { sku: 'YEN' }, 409, 'conflict'],
  ])('that %s is refused with the reason', async (_, code, options, status, errorCode) => {
    const answer = await orderWith(await code(), options);
    expect([answer.status, answer.body['code']]).toEqual([status, errorCode]);
    expect(String(answer.body['detail'])).toMatch(/coupon .+\./u);
  });

  it('and a way of shipping that does not go there is refused', async () => {
    const userId = aShopper();
    world.gateway.fillCart(userId, [{ sku: 'LAMP', quantity: 1 }], { shippingMethod: 'pickup' });
    const shippingAddress = { name: 'Ada', line1: '1 Rue', city: 'Paris', postalCode: '75001', country: 'FR' };
    const answer = await world.order({ key: randomUUID(), token: await world.gateway.tokenFor({ userId }), body: { shippingAddress } });
    expect([answer.status, answer.body['detail']]).toEqual([409, expect.stringContaining('pickup')]);
  });
});

describe('the limits of a coupon', () => {
  it(`hold when ${TAKERS} customers grasp at the last use, on two workers`, async () => {
    const code = await aCoupon({ usesInAll: 1 });
    const other = await world.startAnother();
    const answers = await Promise.all(Array.from({ length: TAKERS }, (_, i) => orderWith(code, { url: i % 2 === 0 ? world.url : other.url })));
    const counts = Object.groupBy(answers, ({ status, body }) => `${status} ${String(body['code'] ?? body['status'])}`);
    expect(Object.fromEntries(Object.entries(counts).map(([outcome, list]) => [outcome, list?.length]))).toEqual({ '201 paid': 1, '409 coupon-exhausted': TAKERS - 1 });
    expect(await usedOf(code)).toBe(1);
    expect(await world.db.collection('coupon_uses').countDocuments({ code, state: 'taken' })).toBe(1);
  }, 60_000);

  it('hold when several uses are left: so many win and no more', async () => {
    const code = await aCoupon({ usesInAll: 7 });
    const answers = await Promise.all(Array.from({ length: 40 }, () => orderWith(code)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(7);
    expect(answers.filter(({ body }) => body['code'] === 'coupon-exhausted')).toHaveLength(33);
    expect(await usedOf(code)).toBe(7);
  }, 60_000);

  it('hold for one customer who orders from ten windows at once, and for a guest by the address', async () => {
    const code = await aCoupon({ usesPerCustomer: 2 });
    const userId = aShopper();
    const answers = await Promise.all(Array.from({ length: 10 }, () => orderWith(code, { userId })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 201, ...Array.from({ length: 8 }, () => 409)]);
    expect((await orderWith(code)).status).toBe(201);

    const asGuest = async (email: string): Promise<number> => {
      const cartToken = randomUUID();
      world.gateway.fillCart(cartToken, [{ sku: 'LAMP', quantity: 1 }], { couponCode: code });
      return (await world.order({ key: randomUUID(), headers: { 'x-cart-token': cartToken }, body: { email } })).status;
    };
    expect([await asGuest('guest@example.com'), await asGuest('guest@example.com'), await asGuest('GUEST@example.com'), await asGuest('other@example.com')]).toEqual([201, 201, 409, 201]);
  }, 60_000);

  it('an exhausted coupon is told to the carts, and so is its return', async () => {
    const code = await aCoupon({ usesInAll: 1 });
    const { body } = await orderWith(code);
    const token = await world.gateway.tokenFor({ userId: 'usr_staff', roles: ['employee'] });
    const cancel = await fetch(`${world.url}/api/orders/${String(body['id'])}/cancel`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: '{}' });
    expect(cancel.status).toBe(200);
    const told = await world.db.collection('outbox').find({ 'event.subject': code, 'event.type': 'coupon.changed.v1' }).sort({ _id: 1 }).toArray();
    expect(told.map(({ event }) => [event.data.version, event.data.exhausted])).toEqual([[1, false], [2, true], [3, false]]);
  });
});

describe('a use is given back, once,', () => {
  it.each([
    ['is declined', { token: 'tok_declined' }, 402],
    ['finds no stock', { sku: 'RARE' }, 409],
  ])('by an order that %s', async (_, options, status) => {
    const code = await aCoupon({ usesInAll: 1, usesPerCustomer: 1 });
    const userId = aShopper();
    expect((await orderWith(code, { userId, ...options })).status).toBe(status);
    await eventually(async () => expect(await usedOf(code)).toBe(0));
    expect((await orderWith(code, { userId })).status).toBe(201);
    expect((await orderWith(code)).body['code']).toBe('coupon-exhausted');
  });

  it('by an order that is cancelled, however often that is tried', async () => {
    const code = await aCoupon({ usesInAll: 2 });
    const userId = aShopper();
    const { body } = await orderWith(code, { userId });
    await orderWith(code);
    const token = await world.gateway.tokenFor({ userId });
    const cancel = () => fetch(`${world.url}/api/orders/${String(body['id'])}/cancel`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: '{}' });
    const statuses = (await Promise.all(Array.from({ length: 8 }, cancel))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(await usedOf(code)).toBe(1);
  });

  it('by an order whose hold expires', async () => {
    const code = await aCoupon({ usesInAll: 1 });
    world.product.holdMs = 1_000;
    try {
      const answer = await orderWith(code);
      expect(answer.status).toBe(409);
      await eventually(async () => expect(await usedOf(code)).toBe(0));
    } finally {
      world.product.holdMs = 900_000;
    }
  });

  it('and not at all by a request that is only repeated', async () => {
    const code = await aCoupon({ usesInAll: 3 });
    const userId = aShopper();
    world.gateway.fillCart(userId, [{ sku: 'LAMP', quantity: 1 }], { couponCode: code });
    const token = await world.gateway.tokenFor({ userId });
    const key = randomUUID();
    await Promise.all(Array.from({ length: 10 }, () => world.order({ key, token })));
    expect(await usedOf(code)).toBe(1);
  });
});

describe('an order that is paid by other means after a refusal', () => {
  const payAgain = async (orderId: string, userId: string): Promise<Answer> =>
    readAnswer(
      await fetch(`${world.url}/api/orders/${orderId}/payments`, {
        method: 'POST',
        headers: { authorization: `Bearer ${await world.gateway.tokenFor({ userId })}`, 'content-type': 'application/json', 'idempotency-key': randomUUID(), prefer: 'wait=8' },
        body: JSON.stringify({ payment: { token: 'tok_ok' } }),
      }),
    );

  it('takes its coupon again, unless somebody else has', async () => {
    const code = await aCoupon({ usesInAll: 1 });
    const userId = aShopper();
    const declined = await orderWith(code, { userId, token: 'tok_declined' });
    expect(await usedOf(code)).toBe(0);
    const paid = await payAgain(String(declined.body['orderId']), userId);
    expect(paid.status, paid.text).toBeLessThan(300);
    expect(await usedOf(code)).toBe(1);

    const other = await aCoupon({ usesInAll: 1 });
    const late = aShopper();
    const refused = await orderWith(other, { userId: late, token: 'tok_declined' });
    expect((await orderWith(other)).status).toBe(201);
    expect((await payAgain(String(refused.body['orderId']), late)).body['code']).toBe('coupon-exhausted');
    expect(await usedOf(other)).toBe(1);
  });
});
