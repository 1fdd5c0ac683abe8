import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { documentedOperations, nameOf, type Operation } from '../src/access-rules.ts';
import { call, waitFor, type Answer, type Call } from '../src/shop.ts';
import { address, expectStatus, Shopper, variantsInStock } from '../src/shopper.ts';

/** How to call an operation rightly, so that only whose thing it is can stand in the way. */
interface Attempt {
  /** Which of the owner's things stands in the path. */
  readonly thing: 'order' | 'line' | 'address' | 'session' | 'notification' | 'pushSubscription';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const key = (): Readonly<Record<string, string>> => ({ 'idempotency-key': randomUUID() });
const anyVersion = { 'if-match': '"1"' };

// Every operation with a parameter in its path that people without a staff role may call. A new one has to be entered
// here: that is how it is noticed.
const attempts: Readonly<Record<string, Attempt>> = {
  'GET /api/orders/{id}': { thing: 'order' },
  'GET /api/orders/{id}/timeline': { thing: 'order' },
  'POST /api/orders/{id}/cancel': { thing: 'order', body: {}, headers: key() },
  'POST /api/orders/{id}/payments': { thing: 'order', body: { payment: { token: 'tok_ok' } }, headers: key() },
  'POST /api/orders/{id}/returns': { thing: 'order', body: { lines: [{ sku: 'SKU', quantity: 1 }], reason: 'too small' }, headers: key() },
  'PATCH /api/cart/items/{lineId}': { thing: 'line', body: { quantity: 2 } },
  'DELETE /api/cart/items/{lineId}': { thing: 'line' },
  'DELETE /api/auth/me/sessions/{sessionId}': { thing: 'session' },
  'GET /api/auth/me/addresses/{addressId}': { thing: 'address' },
  'PUT /api/auth/me/addresses/{addressId}': { thing: 'address', body: address, headers: anyVersion },
  'DELETE /api/auth/me/addresses/{addressId}': { thing: 'address', headers: anyVersion },
  'DELETE /api/notifications/push-subscriptions/{id}': { thing: 'pushSubscription' },
  'PATCH /api/notifications/{id}/read': { thing: 'notification', body: {} },
};

// Parameters that name nobody's thing: the catalogue is the same for everybody, and a person's own wish list has SKUs in it.
const nobodys = [/^\/api\/products\//u, /^\/api\/categories\//u, /^\/api\/deals\//u, /^\/api\/wishlist\//u, /^\/api\/cart\/wishlist\//u, /^\/api\/images\//u];

let operations: readonly Operation[];
let owner: Shopper;
let stranger: Shopper;
const things = new Map<string, string>();

beforeAll(async () => {
  const documented = await documentedOperations();
  operations = documented.filter(({ path, rule }) => path.includes('{') && (rule.kind === 'authenticated' || rule.kind === 'optional') && !nobodys.some((pattern) => pattern.test(path)));
  owner = new Shopper();
  stranger = new Shopper();
  await owner.becomeCustomer();
  await stranger.becomeCustomer();
  const [bought, kept] = await variantsInStock(6).then((all) => all.slice(4));
  await owner.addToCart(bought?.sku ?? '');
  const order = expectStatus(await owner.order('tok_ok'), 201).body;
  things.set('order', order.id);
  things.set('line', (await owner.addToCart(kept?.sku ?? '')).lines.at(-1)?.id ?? '');
  things.set('address', expectStatus(await owner.post<{ id: string }>('/api/auth/me/addresses', address), 201).body.id);
  const sessions = expectStatus(await owner.get<{ items: { id: string }[] }>('/api/auth/me/sessions'), 200).body.items;
  things.set('session', sessions[0]?.id ?? '');
  // Browsers subscribe only where the operator has set keys for push; the shop under test has none, so nobody has one.
  things.set('pushSubscription', `psb_${'0'.repeat(32)}`);
  things.set('notification', await waitFor('a notification of the owner', async () => (await owner.get<{ items: { id: string }[] }>('/api/notifications')).body.items[0]?.id));
});

function callAs(shopper: Shopper | undefined, operation: Operation): Promise<Answer> {
  const { thing, body, headers = {} } = attempts[nameOf(operation)] ?? { thing: 'order' };
  const address = operation.path.replace(/\{\w+\}/u, things.get(thing) ?? 'missing').replace(/\{\w+\}/gu, 'x');
  const options: Call = { method: operation.method as 'GET', ...(body !== undefined && { body }), headers };
  return shopper === undefined ? call(address, options) : shopper.send(address, options);
}

describe('somebody else\'s thing', () => {
  it('is known to this test for every operation that can name one', () => {
    expect(operations.map(nameOf).filter((name) => attempts[name] === undefined)).toEqual([]);
    expect(operations.length).toBeGreaterThan(8);
  });

  it('is not there for a stranger, whatever the verb', async () => {
    const found: string[] = [];
    for (const operation of operations) {
      const { status, text } = await callAs(stranger, operation);
      if (status !== 404) found.push(`${nameOf(operation)}: ${status} ${text.slice(0, 200)}`);
    }
    expect(found).toEqual([]);
  });

  it('is not there for who has not logged in', async () => {
    const found: string[] = [];
    for (const operation of operations) {
      const { status } = await callAs(undefined, operation);
      // Guests prove themselves by a token of the cart or order; where one is asked for first, nobody is 401.
      if (status !== 401 && (operation.rule.kind === 'authenticated' || status !== 404)) found.push(`${nameOf(operation)}: ${status}`);
    }
    expect(found).toEqual([]);
  });

  it('is still there for its owner afterwards', async () => {
    expect((await owner.get(`/api/orders/${things.get('order')}`)).body).toMatchObject({ status: 'paid' });
    expect((await owner.get(`/api/auth/me/addresses/${things.get('address')}`)).status).toBe(200);
    expect((await owner.cart()).lines.map(({ id }) => id)).toContain(things.get('line'));
    expect((await owner.get('/api/auth/me')).status).toBe(200);
  });
});
