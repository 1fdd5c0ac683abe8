import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually, killServer, restartServer, seededRandom, seedOfRun, startWorker, type Worker } from '@shopfleet/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openCartShop, type CartShop, type Shopper } from './cart-shop.ts';

/** Changes and kills of one run; the long form makes 5,000 changes. */
const CHANGES = Number(process.env['CART_CHANGES'] ?? 800);
const KILLS = Number(process.env['CART_KILLS'] ?? 4);
const WORKERS = 3;
const CLIENTS = 16;

const root = fileURLToPath(new URL('../../../', import.meta.url));
let shop: CartShop;
let workers: Worker[];

const startOne = (): Promise<Worker> => {
  const { PORT: _, ...environment } = shop.environment;
  // A machine that sixteen clients keep busy starts a process slowly.
  return startWorker(`${root}apps/cart/dist/main.js`, environment, { readyTimeoutMs: 120_000 });
};

beforeAll(async () => {
  // Workers that can be killed are processes, and those run what is built.
  await promisify(execFile)('npx', ['tsc', '-b', 'apps/cart'], { cwd: root });
  shop = await openCartShop();
  await shop.stock(...Array.from({ length: 99 }, (_, i) => ({ sku: `SKU-${i}` })));
  workers = await Promise.all(Array.from({ length: WORKERS }, startOne));
}, 240_000);

afterAll(async () => {
  await restartServer('redis-state');
  await Promise.all(workers.map((worker) => worker.kill()));
  await shop.close();
});

it(`after ${KILLS} kill -9 of redis-state and of workers at random moments of ${CHANGES} changes, every answered change is there`, async () => {
  const random = seededRandom(seedOfRun());
  // Each shopper has a cart of their own and adds one piece at a time, so that what was answered can be counted.
  const shoppers: Shopper[] = await Promise.all(Array.from({ length: CLIENTS }, () => shop.guest()));
  const answered = shoppers.map(() => new Map<string, number>());
  let [asked, done, failed, inFlight] = [0, 0, 0, 0];

  const moments = Array.from({ length: KILLS }, (_, i) => ({ at: Math.floor(((i + random()) / KILLS) * CHANGES * 0.9), what: i % 2 === 0 ? 'redis-state' : 'worker' }) as const);
  const inFlightAtKills: number[] = [];
  const killer = async (): Promise<void> => {
    for (const { at, what } of moments) {
      await eventually(() => done >= at && inFlight > 0, { timeoutMs: 120_000, intervalMs: 2 });
      inFlightAtKills.push(inFlight);
      const failedBefore = failed;
      if (what === 'redis-state') {
        await killServer('redis-state');
        await eventually(() => failed > failedBefore, { timeoutMs: 60_000 });
        await restartServer('redis-state');
      } else {
        const victim = Math.floor(random() * WORKERS);
        await workers[victim]?.kill();
        workers[victim] = await startOne();
      }
    }
  };

  const clients = shoppers.map(async (shopper, client) => {
    // Whoever is done before the last kill goes on: a kill of an idle shop proves nothing.
    while (asked < CHANGES || inFlightAtKills.length < KILLS) {
      asked += 1;
      const sku = `SKU-${Math.floor(random() * 99)}`;
      // A client asks until it is told: what it is told must be there, what it is not told may be.
      for (let told = false; !told; ) {
        const url = `${workers[Math.floor(random() * WORKERS)]?.url}/api/cart/items`;
        inFlight += 1;
        const status = await fetch(url, { method: 'POST', headers: { ...shopper, 'content-type': 'application/json' }, body: JSON.stringify({ sku }) }).then(
          async (response) => {
            await response.arrayBuffer();
            return response.status;
          },
          () => 0,
        );
        inFlight -= 1;
        told = status === 201 || status === 409;
        if (status === 201) answered[client]?.set(sku, (answered[client]?.get(sku) ?? 0) + 1);
        else if (status === 0 || status === 503) failed += 1;
        else if (status !== 409) throw new Error(`answered ${status}`);
        if (!told) await new Promise((resolve) => setTimeout(resolve, 50));
      }
      done += 1;
    }
  });
  await Promise.all([killer(), ...clients]);

  let lost = 0;
  for (const [client, shopper] of shoppers.entries()) {
    const stored = await eventually(async () => {
      const { status, body } = await shop.call('GET', '/api/cart', shopper);
      expect(status).toBe(200);
      return new Map(body.lines.map(({ sku, quantity }) => [sku, quantity]));
    });
    for (const [sku, quantity] of answered[client] ?? []) lost += Math.max(0, quantity - (stored.get(sku) ?? 0));
  }
  process.stderr.write(`${done} changes, ${failed} unanswered, in flight at the kills: ${inFlightAtKills.join(', ')}, lost: ${lost}\n`);
  expect(lost).toBe(0);
  expect(inFlightAtKills).toHaveLength(KILLS);
}, 600_000);
