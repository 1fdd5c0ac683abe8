import { fileURLToPath } from 'node:url';
import { eventually, seededRandom, seedOfRun, startWorker, type Worker } from '@shopfleet/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openCartShop, type CartShop } from './cart-shop.ts';

const WORKERS = 4;
const LIMIT = 2_000;
const entry = fileURLToPath(new URL('../dist/main.js', import.meta.url));

let shop: CartShop;
let workers: Worker[];

const startOne = (): Promise<Worker> => {
  const { PORT: _, LOADTEST_CIDR: __, ...environment } = shop.environment;
  return startWorker(entry, environment);
};

beforeAll(async () => {
  shop = await openCartShop();
  await shop.stock(...Array.from({ length: 99 }, (_, i) => ({ sku: `SKU-${i}` })));
  workers = await Promise.all(Array.from({ length: WORKERS }, startOne));
});

afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.kill()));
  await shop.close();
});

it('four processes allow one address exactly 2,000 requests in 15 minutes, whatever it forges', async () => {
  const counts = new Map<number, number>();
  const policies = new Set<string | null>();
  let sent = 0;
  const client = async (): Promise<void> => {
    while (sent < LIMIT + 400) {
      const i = (sent += 1);
      const headers = { 'x-real-ip': '203.0.113.7', 'x-forwarded-for': `198.51.100.${i % 250}` };
      const response = await fetch(`${workers[i % WORKERS]?.url}/api/cart`, { headers });
      await response.arrayBuffer();
      policies.add(response.headers.get('ratelimit-policy'));
      counts.set(response.status, (counts.get(response.status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: 32 }, client));
  expect(counts).toEqual(new Map([[200, LIMIT], [429, 400]]));
  expect(policies).toEqual(new Set(['"default";q=2000;w=900']));
}, 60_000);

it('a worker killed in the middle of changes loses nothing that was answered', async () => {
  const random = seededRandom(seedOfRun());
  const answered = new Map<string, number>();
  const shopper = await shop.guest();
  let stopped = false;
  let broken = 0;
  const clients = Array.from({ length: 16 }, async (_, client) => {
    // Each client has an address of its own, or the limit would end the test.
    const headers = { ...shopper, 'content-type': 'application/json', 'x-real-ip': `198.51.100.${client}` };
    while (!stopped) {
      const sku = `SKU-${Math.floor(random() * 99)}`;
      const url = `${workers[Math.floor(random() * WORKERS)]?.url}/api/cart/items`;
      try {
        const { status } = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ sku }) });
        if (status === 201) answered.set(sku, (answered.get(sku) ?? 0) + 1);
        else if (status !== 409) throw new Error(`answered ${status}`);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        broken += 1;
      }
    }
  });
  const total = (): number => [...answered.values()].reduce((sum, quantity) => sum + quantity, 0);
  await eventually(() => total() > 100 + random() * 200, { intervalMs: 5 });
  await workers[1]?.kill();
  await eventually(() => broken > 0);
  workers[1] = await startOne();
  const before = total();
  await eventually(() => total() > before + 50);
  stopped = true;
  await Promise.all(clients);
  const { body } = await shop.call('GET', '/api/cart', shopper);
  const stored = new Map(body.lines.map(({ sku, quantity }) => [sku, quantity]));
  const lost = [...answered].filter(([sku, quantity]) => (stored.get(sku) ?? 0) < quantity);
  expect(lost).toEqual([]);
}, 60_000);
