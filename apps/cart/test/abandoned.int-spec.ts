import { createEvent, orderPaid, type Envelope } from '@shopfleet/contracts';
import { newId } from '@shopfleet/kernel';
import { eventually } from '@shopfleet/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openNeighbour, type Neighbour } from './broker.ts';
import { openCartShop, type CartShop } from './cart-shop.ts';

let shop: CartShop;
let neighbour: Neighbour;

beforeAll(async () => {
  shop = await openCartShop({ CART_ABANDONED_AFTER_S: '2', CART_SWEEP_INTERVAL_MS: '250' });
  neighbour = await openNeighbour(shop.environment['RABBITMQ_URL'] ?? '');
  await shop.stock({ sku: 'LAMP' }, { sku: 'VASE' });
});

afterAll(async () => {
  await neighbour.close();
  await shop.close();
});

const heardOf = (userId: string): Envelope[] => neighbour.heard.filter(({ type, data }) => type === 'cart.abandoned.v1' && (data as { userId: string }).userId === userId);

it('a cart that a customer left is told of once, and once more after it was taken up and left again', async () => {
  const userId = newId('usr');
  const customer = await shop.customer(userId);
  const { body } = await shop.call('POST', '/api/cart/items', customer, { sku: 'LAMP', quantity: 2 });
  await eventually(() => expect(heardOf(userId)).toHaveLength(1), { timeoutMs: 15_000 });
  expect(heardOf(userId)[0]?.data).toMatchObject({ cartId: body.id, lineCount: 1, subtotal: { amount: 9_980, currency: 'EUR' } });
  await shop.call('POST', '/api/cart/items', customer, { sku: 'VASE' });
  await eventually(() => expect(heardOf(userId)).toHaveLength(2), { timeoutMs: 15_000 });
  expect(await shop.redis.zscore('{cart}:touched', userId)).toBeNull();
}, 40_000);

it('nothing is told of carts that are empty, bought, or a guest’s', async () => {
  const [emptied, bought, witness] = [newId('usr'), newId('usr'), newId('usr')];
  const guest = await shop.guest();
  await shop.call('POST', '/api/cart/items', guest, { sku: 'LAMP' });
  await shop.call('POST', '/api/cart/items', await shop.customer(emptied), { sku: 'LAMP' });
  await shop.call('DELETE', '/api/cart', await shop.customer(emptied));
  const { id } = (await shop.call('POST', '/api/cart/items', await shop.customer(bought), { sku: 'LAMP' })).body;
  const lines = [{ ...(orderPaid.example.lines[0] as (typeof orderPaid.example.lines)[number]), sku: 'LAMP', quantity: 1 }];
  await neighbour.publish(createEvent(orderPaid, { source: 'order', subject: newId('ord'), data: { ...orderPaid.example, cartId: id, userId: bought, lines } }));
  await shop.call('POST', '/api/cart/items', await shop.customer(witness), { sku: 'LAMP' });
  await eventually(() => expect(heardOf(witness)).toHaveLength(1), { timeoutMs: 15_000 });
  expect([...heardOf(emptied), ...heardOf(bought)]).toEqual([]);
  expect(neighbour.heard.filter(({ data }) => !('userId' in (data as object)))).toEqual([]);
}, 40_000);
