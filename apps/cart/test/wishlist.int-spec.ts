import { createEvent, productPriceChanged, userErased, type Envelope } from '@shopfleet/contracts';
import { newId } from '@shopfleet/kernel';
import { eventually } from '@shopfleet/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { WishlistView } from '../src/wishlist/wishlist.schema.ts';
import { openNeighbour, type Neighbour } from './broker.ts';
import { openCartShop, type CartShop, type Shopper } from './cart-shop.ts';

let shop: CartShop;
let neighbour: Neighbour;

beforeAll(async () => {
  shop = await openCartShop();
  neighbour = await openNeighbour(shop.environment['RABBITMQ_URL'] ?? '');
});

afterAll(async () => {
  await neighbour.close();
  await shop.close();
});

const eur = (amount: number) => ({ amount, currency: 'EUR' as const });
const wishlist = async (method: string, shopper: Shopper, body?: unknown, path = ''): Promise<{ status: number; items: WishlistView['items'] }> => {
  const answer = await shop.call(method, `/api/cart/wishlist${path}`, shopper, body);
  return { status: answer.status, items: (answer.body as unknown as WishlistView).items };
};
const heardOf = (sku: string): Envelope[] => neighbour.heard.filter(({ type, data }) => type === 'wishlist.price-dropped.v1' && (data as { sku: string }).sku === sku);

interface PriceDrop {
  readonly old: { readonly amount: number };
  readonly new: { readonly amount: number };
}
const pricesTold = (sku: string): number[] => heardOf(sku).map(({ data }) => (data as PriceDrop).new.amount);

async function newSku(price = eur(5_000)): Promise<string> {
  const sku = newId('sku').slice(0, 40);
  await shop.stock({ sku, price });
  return sku;
}

function priceChange(sku: string, version: number, amount: number): Envelope {
  return createEvent(productPriceChanged, { source: 'product', subject: sku, data: { productId: 'prd_1', sku, version, old: eur(1), new: eur(amount) } });
}

it('keeps wishes, each once, and forgets them one by one', async () => {
  const customer = await shop.customer();
  const [first, second] = [await newSku(), await newSku()];
  await wishlist('POST', customer, { sku: first });
  await wishlist('POST', customer, { sku: second });
  expect((await wishlist('POST', customer, { sku: first })).items.map(({ sku }) => sku).sort()).toEqual([first, second].sort());
  expect((await wishlist('DELETE', customer, undefined, `/${first}`)).items).toMatchObject([{ sku: second, price: eur(5_000), cheaper: false, available: true }]);
  expect((await wishlist('DELETE', customer, undefined, `/${first}`)).status).toBe(404);
  expect((await wishlist('POST', customer, { sku: 'NOT-SOLD' })).status).toBe(400);
});

it('is for customers', async () => {
  expect((await wishlist('GET', await shop.guest())).status).toBe(401);
});

it('announces a lower price, and the next time only when it is lower still', async () => {
  const sku = await newSku();
  await wishlist('POST', await shop.customer(), { sku });
  const arrived = (amount: number) => eventually(async () => expect(JSON.parse((await shop.redis.hget('{cart}:price-book', sku)) ?? '{}')).toMatchObject({ price: eur(amount) }));
  await neighbour.publish(priceChange(sku, 2, 4_000));
  await eventually(() => expect(pricesTold(sku)).toEqual([4_000]));
  await neighbour.publish(priceChange(sku, 3, 4_500));
  await arrived(4_500);
  await neighbour.publish(priceChange(sku, 4, 4_000));
  await arrived(4_000);
  await neighbour.publish(priceChange(sku, 5, 3_999));
  await eventually(() => expect(pricesTold(sku)).toEqual([4_000, 3_999]));
});

// Changes are handled at once and out of turn, so which of the prices on the way somebody is told of is open; but what each
// is told falls from one price to the next without a repetition or a gap, and ends at the last one.
it('tells each of 250 who wish for it every fall once, whatever comes twice or overtakes', async () => {
  const sku = await newSku();
  const users = Array.from({ length: 250 }, () => newId('usr'));
  await Promise.all(users.map(async (userId) => wishlist('POST', await shop.customer(userId), { sku })));
  const drop = priceChange(sku, 2, 4_000);
  await neighbour.publish(drop, drop, drop, priceChange(sku, 3, 4_500), priceChange(sku, 4, 4_000));
  const toldOf = (amount: number) => heardOf(sku).filter(({ data }) => (data as PriceDrop).new.amount === amount).map(({ subject }) => subject);
  await eventually(() => expect(toldOf(4_000).toSorted()).toEqual(users.toSorted()), { timeoutMs: 60_000 });
  await neighbour.publish(priceChange(sku, 5, 3_999));
  await eventually(() => expect(toldOf(3_999).toSorted()).toEqual(users.toSorted()), { timeoutMs: 60_000 });
  await eventually(async () => expect(await shop.redis.xlen('{cart}:outbox')).toBe(0));
  for (const userId of users) {
    const falls = heardOf(sku).filter(({ subject }) => subject === userId).map(({ data }) => data as PriceDrop).sort((a, b) => b.new.amount - a.new.amount);
    expect(falls.map((fall) => fall.old.amount), userId).toEqual([5_000, ...falls.slice(0, -1).map((fall) => fall.new.amount)]);
    expect(falls.every((fall) => fall.new.amount < fall.old.amount), userId).toBe(true);
  }
}, 180_000);

it('announces nothing of a price that rises, nor to somebody who is erased', async () => {
  const [rising, falling] = [await newSku(), await newSku()];
  const userId = newId('usr');
  const customer = await shop.customer(userId);
  await wishlist('POST', customer, { sku: rising });
  await wishlist('POST', customer, { sku: falling });
  await neighbour.publish(createEvent(userErased, { source: 'auth', subject: userId, data: { userId } }));
  await eventually(async () => expect((await wishlist('GET', customer)).items).toEqual([]));
  const witness = await newSku();
  await wishlist('POST', await shop.customer(), { sku: witness });
  await neighbour.publish(priceChange(rising, 2, 6_000), priceChange(falling, 2, 1), priceChange(witness, 2, 1));
  await eventually(() => expect(heardOf(witness)).toHaveLength(1));
  await eventually(async () => expect(JSON.parse((await shop.redis.hget('{cart}:price-book', falling)) ?? '{}')).toMatchObject({ price: eur(1) }));
  expect([...heardOf(rising), ...heardOf(falling)]).toEqual([]);
});
