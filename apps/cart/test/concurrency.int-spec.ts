import { seededRandom, seedOfRun } from '@shopfleet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCartShop, type Answer, type CartShop, type Shopper } from './cart-shop.ts';

const CLIENTS = 64;
/** The long form makes more. */
const CHANGES_PER_CLIENT = Number(process.env['CART_CHANGES_PER_CLIENT'] ?? 20);
const skus = Array.from({ length: 12 }, (_, i) => `SKU-${i}`);

let shop: CartShop;

beforeAll(async () => {
  shop = await openCartShop();
  await shop.stock(...skus.map((sku, i) => ({ sku, price: { amount: 100 + i, currency: 'EUR' as const } })));
});

afterAll(() => shop.close());

type Change = { readonly kind: 'add' | 'set'; readonly sku: string; readonly quantity: number } | { readonly kind: 'remove'; readonly sku: string } | { readonly kind: 'clear' };

function lineId(sku: string): string {
  return `lin_${Buffer.from(sku).toString('base64url')}`;
}

function randomChange(random: () => number): Change {
  const sku = skus[Math.floor(random() * skus.length)] ?? '';
  const quantity = 1 + Math.floor(random() * 3);
  const dice = random();
  if (dice < 0.6) return { kind: 'add', sku, quantity };
  if (dice < 0.8) return { kind: 'set', sku, quantity };
  return dice < 0.98 ? { kind: 'remove', sku } : { kind: 'clear' };
}

function send(change: Change, shopper: Shopper): Promise<Answer> {
  if (change.kind === 'add') return shop.call('POST', '/api/cart/items', shopper, { sku: change.sku, quantity: change.quantity });
  if (change.kind === 'set') return shop.call('PATCH', `/api/cart/items/${lineId(change.sku)}`, shopper, { quantity: change.quantity });
  if (change.kind === 'remove') return shop.call('DELETE', `/api/cart/items/${lineId(change.sku)}`, shopper);
  return shop.call('DELETE', '/api/cart', shopper);
}

/** The cart as it ought to be: SKU → quantity. */
function apply(model: Map<string, number>, change: Change): void {
  if (change.kind === 'add') model.set(change.sku, (model.get(change.sku) ?? 0) + change.quantity);
  else if (change.kind === 'set') model.set(change.sku, change.quantity);
  else if (change.kind === 'remove') model.delete(change.sku);
  else model.clear();
}

function quantitiesOf({ body }: Answer): Record<string, number> {
  return Object.fromEntries(body.lines.map(({ sku, quantity }) => [sku, quantity]));
}

describe('64 clients who change one cart at random', () => {
  it('lose no update: in the order of the versions, every answer is what a model says', async () => {
    const random = seededRandom(seedOfRun());
    const shopper = await shop.guest();
    const plans = Array.from({ length: CLIENTS }, () => Array.from({ length: CHANGES_PER_CLIENT }, () => randomChange(random)));
    const made: { change: Change; answer: Answer }[] = [];
    let refused = 0;
    await Promise.all(
      plans.map(async (plan) => {
        for (const change of plan) {
          const answer = await send(change, shopper);
          if (answer.status < 300) made.push({ change, answer });
          // A line that another client has just removed, or one that is full.
          else if (answer.status === 404 || answer.status === 409) refused += 1;
          else throw new Error(`${JSON.stringify(change)} was answered ${answer.status}`);
        }
      }),
    );
    expect(made.length + refused).toBe(CLIENTS * CHANGES_PER_CLIENT);

    made.sort((a, b) => a.answer.body.version - b.answer.body.version);
    const model = new Map<string, number>();
    let version = 0;
    for (const { change, answer } of made) {
      // Clearing an empty cart changes nothing, and so has no version of its own.
      if (change.kind === 'clear' && answer.body.version === version) continue;
      apply(model, change);
      version += 1;
      expect(answer.body.version).toBe(version);
      expect(quantitiesOf(answer)).toEqual(Object.fromEntries(model));
    }
    expect(quantitiesOf(await shop.call('GET', '/api/cart', shopper))).toEqual(Object.fromEntries(model));
  }, 60_000);
});

describe('a merge', () => {
  it('sent 100 times at once loses no line and adds none twice', async () => {
    const [guest, customer] = await Promise.all([shop.guest(), shop.customer()]);
    for (const sku of skus.slice(0, 8)) await shop.call('POST', '/api/cart/items', guest, { sku, quantity: 2 });
    for (const sku of skus.slice(4)) await shop.call('POST', '/api/cart/items', customer, { sku, quantity: 3 });
    const answers = await Promise.all(Array.from({ length: 100 }, () => shop.call('POST', '/api/cart/merge', { ...guest, ...customer })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const merged = quantitiesOf(await shop.call('GET', '/api/cart', customer));
    expect(merged).toEqual(Object.fromEntries(skus.map((sku, i) => [sku, i < 4 ? 2 : i < 8 ? 5 : 3])));
    expect((await shop.call('GET', '/api/cart', guest)).body.lines).toEqual([]);
  });

  it('loses nothing that is added to the guest’s cart meanwhile', async () => {
    const [guest, customer] = await Promise.all([shop.guest(), shop.customer()]);
    await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        i % 2 === 0 ? shop.call('POST', '/api/cart/items', guest, { sku: 'SKU-0', quantity: 1 }) : shop.call('POST', '/api/cart/merge', { ...guest, ...customer }),
      ),
    );
    await shop.call('POST', '/api/cart/merge', { ...guest, ...customer });
    expect(quantitiesOf(await shop.call('GET', '/api/cart', customer))).toEqual({ 'SKU-0': 30 });
  });

  it('leaves what does not fit in the guest’s cart and says so', async () => {
    const [guest, customer] = await Promise.all([shop.guest(), shop.customer()]);
    await shop.call('POST', '/api/cart/items', guest, { sku: 'SKU-0', quantity: 60 });
    await shop.call('POST', '/api/cart/items', customer, { sku: 'SKU-0', quantity: 60 });
    const { body } = await shop.call('POST', '/api/cart/merge', { ...guest, ...customer });
    expect(body).toMatchObject({ complete: false, lines: [{ sku: 'SKU-0', quantity: 99 }] });
    expect(quantitiesOf(await shop.call('GET', '/api/cart', guest))).toEqual({ 'SKU-0': 21 });
  });

  it('needs somebody who is logged in, and a guest’s token', async () => {
    expect((await shop.call('POST', '/api/cart/merge', await shop.guest())).status).toBe(401);
    expect((await shop.call('POST', '/api/cart/merge', await shop.customer())).status).toBe(400);
  });
});
