import { randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import { openBacklog } from './backlog.ts';
import type { BenchOptions, BenchShop } from './bench-shop.ts';
import { measureFloor } from './mongo-floor.ts';
import { median, percentile, type Row } from './table.ts';

const shoppers = 16;
const rounds = 3;
const address = { name: 'Ada Example', line1: '1 Sample Street', city: 'Springfield', postalCode: '12345', country: 'DE' };

interface Round {
  readonly ordersPerSecond: number;
  readonly latencies: readonly number[];
}

/**
 * Whole checkouts of guests through nginx: two products into an empty cart, then the order, paid by a simulator that
 * answers at once. The clock runs until outboxes, queues and jobs are empty, so that nothing is left to be done later.
 */
export async function benchCheckout(shop: BenchShop, { orders }: BenchOptions): Promise<Row[]> {
  const pool = new Pool(shop.url, { connect: { ca: shop.ca }, connections: shoppers * 2 });
  const backlog = await openBacklog(shop);
  try {
    const skus = await sellableSkus(pool);
    await runRound(pool, backlog, skus, Math.min(100, orders));
    const measured: Round[] = [];
    const floors: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      floors.push(await measureFloor(shop, 2));
      const result = await runRound(pool, backlog, skus, orders);
      measured.push(result);
      console.log(`  round ${round + 1}: ${result.ordersPerSecond.toFixed(1)} orders/s, floor ${Math.round(floors.at(-1) ?? 0)} tx/s`);
    }
    const latencies = measured.flatMap((round) => round.latencies);
    const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)];
    const ratio = median(measured.map((round, index) => round.ordersPerSecond / (floors[index] ?? Number.NaN)));
    return [
      { what: `checkout: ${shoppers} shoppers, ${orders} orders a round, until the backlog is empty`, measured: `${median(measured.map((round) => round.ordersPerSecond)).toFixed(1)} orders/s` },
      { what: 'checkout: cart and order together, p50', measured: `${p50.toFixed(0)} ms`, promised: '< 150 ms', ok: p50 < 150 },
      { what: 'checkout: cart and order together, p99', measured: `${p99.toFixed(0)} ms` },
      { what: 'checkout: bare MongoDB transactions, 16 at once', measured: `${Math.round(median(floors))} tx/s` },
      { what: 'checkout: beside the bare transaction (median of pairs)', measured: `${ratio.toFixed(3)} ×`, promised: '≥ 0.06 ×', ok: ratio >= 0.06 },
    ];
  } finally {
    await pool.destroy();
    await backlog.close();
  }
}

async function runRound(pool: Pool, backlog: Awaited<ReturnType<typeof openBacklog>>, skus: readonly string[], orders: number): Promise<Round> {
  const latencies: number[] = [];
  let next = 0;
  const begin = performance.now();
  const shop = async (): Promise<void> => {
    for (let order = next++; order < orders; order = next++) {
      const started = performance.now();
      await checkout(pool, skus[(order * 2) % skus.length] ?? '', skus[(order * 2 + 1) % skus.length] ?? '');
      latencies.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: shoppers }, shop));
  await backlog.untilEmpty();
  return { ordersPerSecond: orders / ((performance.now() - begin) / 1000), latencies };
}

async function checkout(pool: Pool, first: string, second: string): Promise<void> {
  const cart = await post(pool, '/api/cart/items', { sku: first, quantity: 1 });
  const token = { 'x-cart-token': String(cart['cartToken']) };
  await post(pool, '/api/cart/items', { sku: second, quantity: 1 }, token);
  const order = await post(
    pool,
    '/api/orders',
    { payment: { token: 'tok_ok' }, shippingAddress: address, email: 'bench@example.com' },
    { ...token, 'idempotency-key': randomUUID(), prefer: 'wait=10' },
  );
  if (order['status'] !== 'paid') throw new Error(`an order ended as ${String(order['status'])}: ${JSON.stringify(order)}`);
}

async function post(pool: Pool, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const response = await pool.request({ path, method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  const text = await response.body.text();
  if (response.statusCode >= 300) throw new Error(`${path} answered ${response.statusCode}: ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}

/** Plenty of products in euros with stock, so that the rounds measure checkouts and not sold-out shelves. */
async function sellableSkus(pool: Pool): Promise<string[]> {
  const skus: string[] = [];
  for (let page = 1; page <= 20; page += 1) {
    const response = await pool.request({ path: `/api/products?inStock=true&limit=100&page=${page}`, method: 'GET' });
    const { items } = (await response.body.json()) as { items: { variants: { sku: string; inStock?: boolean; price: { currency: string } }[] }[] };
    for (const { variants } of items) for (const { sku, price, inStock } of variants) if (price.currency === 'EUR' && inStock !== false) skus.push(sku);
  }
  if (skus.length < 100) throw new Error(`only ${skus.length} variants can be sold: seed the demo data`);
  return skus;
}
