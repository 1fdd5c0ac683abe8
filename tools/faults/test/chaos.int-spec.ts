import { setTimeout as pause } from 'node:timers/promises';
import { Guest, pick, seeded, shuffled, type Answer, type Placed } from '@shopfleet/shoppers';
import { killServer, restartServer } from '@shopfleet/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { counts } from '../src/counts.ts';
import { InFlight } from '../src/in-flight.ts';
import { openShop, type FaultShop, type Killable } from '../src/shop.ts';
import { wrongIn } from '../src/verdict.ts';

let shop: FaultShop;

beforeAll(async () => {
  shop = await openShop();
  for (const sku of ['CHAOS-A', 'CHAOS-B']) await shop.sell(sku, 100_000);
}, 300_000);
afterAll(() => shop.close());

type Victim = 'order' | 'product' | 'payment-simulator' | 'rabbitmq' | 'mongod';
const victims: readonly Victim[] = ['order', 'product', 'payment-simulator', 'rabbitmq', 'mongod'];
const shoppers = 16;

it(`kill -9 of workers, simulator, broker and database in ${counts.orders} checkouts loses nothing and charges nobody twice (seed ${counts.seed})`, async () => {
  const random = seeded(counts.seed);
  const inFlight = new InFlight();
  const answers: Answer<Placed>[] = [];
  // Each kind at least once where there are kills enough; at random moments of the run.
  const plan = shuffled(random, Array.from({ length: counts.kills }, (_, n) => victims[n % victims.length] ?? 'order'))
    .map((victim) => ({ victim, after: Math.floor(random() * counts.orders * 0.8), delayMs: Math.floor(random() * 400), downMs: 200 + Math.floor(random() * 1500) }))
    .sort((a, b) => a.after - b.after);
  const wish = (draw: () => number): { token: string; sku: string } => ({ token: pick(draw, ['tok_ok', 'tok_ok', 'tok_ok', 'tok_ok', 'tok_duplicate_webhook', 'tok_timeout', 'tok_declined']), sku: pick(draw, ['CHAOS-A', 'CHAOS-B']) });
  const wishes = Array.from({ length: counts.orders }, () => wish(random));
  const further = seeded(counts.seed + 1);
  let killed = false;
  const shopping = Promise.all(
    Array.from({ length: shoppers }, async () => {
      // On a slow machine the planned checkouts may be over before the last kill: there is one in flight all the same.
      for (let next = wishes.shift(); next; next = wishes.shift() ?? (killed ? undefined : wish(further))) {
        const guest = await new Guest(shop.front, (doing, work) => (doing === 'order' ? inFlight.during(work) : work())).fill(next.sku, 2);
        answers.push(await guest.orderUntilAnswered(next.token, 8));
      }
    }),
  );
  const seen: { victim: Victim; inFlight: number }[] = [];
  const killing = (async () => {
    for (const { victim, after, delayMs, downMs } of plan) {
      while (answers.length < after && answers.length < counts.orders) await pause(20);
      await pause(delayMs);
      while (inFlight.count === 0) await pause(5);
      seen.push({ victim, inFlight: inFlight.count });
      await strike(victim, random, downMs);
    }
  })().finally(() => (killed = true));
  await Promise.all([shopping, killing]);
  expect(seen.map(({ victim }) => victim).toSorted()).toEqual(plan.map(({ victim }) => victim).toSorted());
  expect(Math.min(...seen.map((kill) => kill.inFlight)), `requests in flight at each kill: ${JSON.stringify(seen)}`).toBeGreaterThan(0);
  expect(await wrongIn(shop)).toEqual([]);
  // Whoever was told that the order is paid has a paid order; nobody was refused for want of stock.
  const paid = answers.filter(({ status }) => status === 201).map(({ body }) => body.id ?? '');
  expect(new Set(paid).size).toBe(paid.length);
  expect(await shop.books.order.collection<{ _id: string }>('orders').countDocuments({ _id: { $in: paid }, status: 'paid' })).toBe(paid.length);
  expect(await shop.books.order.collection('orders').countDocuments()).toBe(answers.length);
  expect(answers.length).toBeGreaterThanOrEqual(counts.orders);
  expect([...new Set(answers.map(({ status }) => status))].filter((status) => ![201, 202, 402].includes(status))).toEqual([]);
}, 1_800_000);

async function strike(victim: Victim, random: () => number, downMs: number): Promise<void> {
  if (victim === 'rabbitmq' || victim === 'mongod') {
    await killServer(victim);
    await pause(downMs);
    return restartServer(victim);
  }
  const worker: Killable = pick(random, shop.of(victim));
  await worker.kill();
  await pause(downMs);
  await worker.restart();
}
