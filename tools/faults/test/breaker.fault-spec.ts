import { setTimeout as pause } from 'node:timers/promises';
import { Guest, type Answer, type Placed } from '@shopfleet/shoppers';
import { eventually } from '@shopfleet/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openShop, type FaultShop } from '../src/shop.ts';
import { startToxiproxy, type Toxic, type Toxiproxy } from '../src/toxiproxy.ts';
import { wrongIn } from '../src/verdict.ts';

let toxiproxy: Toxiproxy;
let shop: FaultShop;
let comers: NodeJS.Timeout;
const orders: Promise<Answer<Placed>>[] = [];

// Shoppers come at the same pace, however long those before them wait.
const perSecond = 6;
const openMs = 10_000;
// A breaker judges by the last ten seconds: these are full of calls that were answered.
const usualMs = 12_000;
const resetMs = 30_000;

beforeAll(async () => {
  toxiproxy = await startToxiproxy();
  // Each worker has breakers of its own, and of two the first has most of the payments (decision 22).
  shop = await openShop({ orderWorkers: 1, through: (dependency, url) => toxiproxy.through(dependency, url) });
  await shop.sell('PLENTY', 1_000_000);
  comers = setInterval(() => {
    orders.push(new Guest(shop.front).fill('PLENTY').then((guest) => guest.orderUntilAnswered()));
    // Whoever is never answered is told of at the end.
    orders.at(-1)?.catch(() => undefined);
  }, 1000 / perSecond);
}, 300_000);
afterAll(async () => {
  clearInterval(comers);
  await shop.close();
  await toxiproxy.stop();
});

/** What the worker of order says of its breaker; undefined while it has not asked anybody. */
async function isOpen(dependency: string): Promise<string | undefined> {
  const figures = await (await fetch(`${shop.of('order')[0]?.url}/metrics`)).text();
  return new RegExp(`^shop_breaker_open\\{dependency="${dependency}"\\} (\\d)$`, 'mu').exec(figures)?.[1];
}

const cut: Toxic = { type: 'reset_peer', attributes: { timeout: 0 } };
const silent: Toxic = { type: 'timeout', attributes: { timeout: 0 } };

it.each([
  ['services', 'cart', 'cut', cut],
  ['services', 'cart', 'silent', silent],
  ['payment', 'payment', 'cut', cut],
  ['payment', 'payment', 'silent', silent],
] as const)('%s: the breaker of %s, which is %s, opens within ten seconds', async (proxy, dependency, what, toxic) => {
  // One that has never known it away.
  await shop.of('order')[0]?.restart();
  await pause(usualMs);
  expect(await isOpen(dependency)).toBe('0');
  const begun = Date.now();
  await toxiproxy.poison(proxy, toxic);
  try {
    await eventually(async () => expect(await isOpen(dependency)).toBe('1'), { timeoutMs: openMs, intervalMs: 100 });
    console.log(`${dependency} ${what}: the breaker is open after ${Date.now() - begun} ms`);
  } finally {
    await toxiproxy.heal(proxy);
  }
});

it('once it answers again the breaker closes after thirty seconds, no order is lost and every sum agrees', async () => {
  await eventually(async () => expect(await isOpen('payment')).toBe('0'), { timeoutMs: resetMs + 2000, intervalMs: 250 });
  clearInterval(comers);
  const statuses = (await Promise.all(orders)).map(({ status }) => status);
  expect(statuses.filter((status) => status !== 201 && status !== 202)).toEqual([]);
  expect(await wrongIn(shop)).toEqual([]);
  const taken = (await Promise.all(orders)).map(({ body }) => body.id ?? '');
  expect(await shop.books.order.collection<{ _id: string }>('orders').countDocuments({ _id: { $in: taken }, status: 'paid' })).toBe(orders.length);
}, 300_000);
