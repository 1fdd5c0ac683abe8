import { eventually, killServer, restartServer, seededRandom, seedOfRun } from '@shopfleet/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openCartShop, type CartShop } from './cart-shop.ts';

const CLIENTS = 16;

let shop: CartShop;

beforeAll(async () => {
  shop = await openCartShop();
  await shop.stock(...Array.from({ length: 99 }, (_, i) => ({ sku: `SKU-${i}` })));
});

afterEach(() => restartServer('redis-state'));
afterAll(() => shop.close());

it('redis-state killed in the middle of changes loses nothing that was answered', async () => {
  const random = seededRandom(seedOfRun());
  const shoppers = await Promise.all(Array.from({ length: CLIENTS }, () => shop.guest()));
  const answered = shoppers.map(() => new Map<string, number>());
  let inFlight = 0;
  let stopped = false;
  let failed = 0;

  const clients = shoppers.map(async (shopper, client) => {
    while (!stopped) {
      const sku = `SKU-${Math.floor(random() * 99)}`;
      inFlight += 1;
      const { status } = await shop.call('POST', '/api/cart/items', shopper, { sku, quantity: 1 });
      inFlight -= 1;
      if (status === 201) answered[client]?.set(sku, (answered[client]?.get(sku) ?? 0) + 1);
      else if (status === 503) failed += 1;
      else if (status !== 409) throw new Error(`answered ${status}`);
      // One after the other is fast enough; the shopper who meets the gap waits before trying again.
      if (status === 503) await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });

  await eventually(() => expect(answered.reduce((sum, lines) => sum + lines.size, 0)).toBeGreaterThan(100 + random() * 300), { intervalMs: 5 });
  expect(inFlight).toBeGreaterThan(0);
  await killServer('redis-state');
  await eventually(() => expect(failed).toBeGreaterThan(0));
  await restartServer('redis-state');
  const before = answered.reduce((sum, lines) => sum + lines.size, 0);
  await eventually(() => expect(answered.reduce((sum, lines) => sum + lines.size, 0)).toBeGreaterThan(before));
  stopped = true;
  await Promise.all(clients);

  let lost = 0;
  for (const [client, shopper] of shoppers.entries()) {
    const { body } = await shop.call('GET', '/api/cart', shopper);
    const stored = new Map(body.lines.map(({ sku, quantity }) => [sku, quantity]));
    // More than was answered may be there: a change whose answer was lost.
    for (const [sku, quantity] of answered[client] ?? []) lost += Math.max(0, quantity - (stored.get(sku) ?? 0));
  }
  expect(lost).toBe(0);
}, 60_000);
