import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { scaleService, workersInTraffic } from '@shopfleet/local';
import { MongoClient } from 'mongodb';
import { Pool } from 'undici';
import { openBacklog, type Backlog } from './backlog.ts';
import type { BenchOptions, BenchShop } from './bench-shop.ts';
import { booksDiffer } from './books.ts';
import { measureFloor } from './mongo-floor.ts';
import { peerFigures } from './peers.ts';
import { processorTimeEach, readProcessorTime } from './processor-time.ts';
import { median, percentile, type Row } from './table.ts';
import { openWorkCount, workPerOrder, type WorkCount } from './work-count.ts';

const rounds = 3;
// Workers that were started a moment ago still run much of their code uncompiled, which takes half as much again; after
// so many an order costs what it costs from then on.
const warmingOrders = 2_400;
/** Pieces on the shelf; a run takes some twenty of each product. */
const plentyOfStock = 50;
const address = { name: 'Ada Example', line1: '1 Sample Street', city: 'Springfield', postalCode: '12345', country: 'DE' };

interface Round {
  readonly ordersPerSecond: number;
  readonly latencies: readonly number[];
}

interface Setting {
  /** Of each service: one, or as many as the shop was started with. */
  readonly workers: 'one worker' | 'all workers';
  readonly shoppers: number;
  readonly latencyMs: number;
}

// On two cores one worker of each service does more than two: work that comes at the same time meets in one process and
// shares its requests (docs/checkout-cost.md). What is promised is promised of one, as the other shops are measured with one process;
// what a second costs stands beside it.
const settings: readonly Setting[] = (['one worker', 'all workers'] as const).flatMap((workers) =>
  [0, 300].flatMap((latencyMs) => [16, 64].map((shoppers) => ({ workers, shoppers, latencyMs }))),
);

/**
 * Whole checkouts of guests through nginx: two products into an empty cart, then the order, paid by the simulator. The
 * clock runs until outboxes, queues and jobs are empty, so that nothing is left to be done later; then the books of the
 * shop have to agree.
 */
export async function benchCheckout(shop: BenchShop, { orders }: BenchOptions): Promise<Row[]> {
  const backlog = await openBacklog(shop);
  const work = await openWorkCount(shop);
  const started = await workersInTraffic(shop.instance);
  const hasSeveral = [...started.values()].some((count) => count > 1);
  try {
    const skus = await sellableSkus(shop);
    const rows: Row[] = [];
    let scaled: Setting['workers'] = 'all workers';
    for (const setting of settings.filter(({ workers }) => hasSeveral || workers === 'one worker')) {
      await setLatency(shop, 0);
      if (setting.workers !== scaled) {
        await scale(shop, setting.workers === 'one worker' ? new Map([...started.keys()].map((name) => [name, 1])) : started);
        await withShoppers(shop, (pool) => runRound(pool, backlog, skus, Math.min(warmingOrders, 2 * orders), 16));
        scaled = setting.workers;
      }
      await setLatency(shop, setting.latencyMs);
      rows.push(...(await withShoppers(shop, (pool) => measure(shop, pool, backlog, work, skus, orders, setting))));
    }
    const broken = await booksDiffer(shop);
    rows.push({ what: 'checkout: differences in the books afterwards', measured: String(broken), promised: '0', ok: broken === 0 });
    return rows;
  } finally {
    try {
      await setLatency(shop, 0);
      await scale(shop, started);
    } finally {
      await backlog.close();
      await work.close();
    }
  }
}

let addresses = 0;

/** Connections from an address of their own: one address may place 10,000 orders in a quarter of an hour, and a run has more. */
async function withShoppers<T>(shop: BenchShop, use: (pool: Pool) => Promise<T>): Promise<T> {
  addresses += 1;
  const pool = new Pool(shop.url, { connect: { ca: shop.ca, family: 4 }, localAddress: `127.0.1.${addresses}`, connections: 128 });
  try {
    return await use(pool);
  } finally {
    await pool.destroy();
  }
}

async function measure(shop: BenchShop, pool: Pool, backlog: Backlog, work: WorkCount, skus: readonly string[], orders: number, { workers, shoppers, latencyMs }: Setting): Promise<Row[]> {
  const measured: Round[] = [];
  const floors: number[] = [];
  const before = await work.read();
  const timeBefore = await readProcessorTime(shop);
  for (let round = 0; round < rounds; round += 1) {
    const result = await runRound(pool, backlog, skus, orders, shoppers);
    measured.push(result);
  }
  const timeAfter = await readProcessorTime(shop);
  const after = await work.read();
  // Apart from the rounds, so that the work of the floor is not counted as the orders'.
  for (let round = 0; round < rounds; round += 1) floors.push(await measureFloor(shop, 2));
  const latencies = measured.flatMap((round) => round.latencies);
  const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)];
  const rate = median(measured.map((round) => round.ordersPerSecond));
  const ratio = rate / median(floors);
  const what = `checkout, ${workers} of each service, ${shoppers} shoppers, provider ${latencyMs} ms:`;
  console.log(`  ${what} ${measured.map((round) => round.ordersPerSecond.toFixed(1)).join(', ')} orders/s, floor ${floors.map((floor) => Math.round(floor)).join(', ')} tx/s`);
  const isCompared = shoppers === 16 && latencyMs === 0;
  const promised = isCompared && workers === 'one worker';
  return [
    { what: `${what} until the backlog is empty`, measured: `${rate.toFixed(1)} orders/s` },
    { what: `${what} cart and order together, p50`, measured: `${p50.toFixed(0)} ms`, ...(promised && { promised: '< 150 ms', ok: p50 < 150 }) },
    { what: `${what} p99`, measured: `${p99.toFixed(0)} ms` },
    { what: `${what} processor time of an order`, measured: processorTimeEach(timeBefore, timeAfter, orders * rounds) },
    { what: `${what} beside the bare transaction (${Math.round(median(floors))} tx/s)`, measured: `${ratio.toFixed(3)} ×`, ...(promised && { promised: '≥ 0.06 ×', ok: ratio >= 0.06 }) },
    ...(isCompared ? [...besidePeers(what, rate, promised), { what: `${what} work per order`, measured: workPerOrder(before, after, orders * rounds) }] : []),
  ];
}

function besidePeers(what: string, rate: number, promised: boolean): Row[] {
  const peers = peerFigures('e checkout');
  if (peers.length === 0) return [];
  const ratio = rate / Math.max(...peers.map(({ perSecond }) => perSecond));
  return [
    ...peers.map(({ shop, perSecond }) => ({ what: `checkout: whole checkouts of ${shop}, 16 shoppers`, measured: `${perSecond.toFixed(1)} orders/s` })),
    { what: `${what} beside the better of them`, measured: `${ratio.toFixed(1)} ×`, ...(promised && { promised: '≥ 8 ×', ok: ratio >= 8 }) },
  ];
}

async function scale(shop: BenchShop, counts: ReadonlyMap<string, number>): Promise<void> {
  for (const [name, count] of counts) await scaleService(shop.instance, name, String(count));
}

async function setLatency(shop: BenchShop, latencyMs: number): Promise<void> {
  const url = shop.environmentOf('order-service')['PAYMENT_URL'] ?? '';
  const response = await fetch(`${url}/v1/settings`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ latencyMs }) });
  if (!response.ok) throw new Error(`the payment simulator refused its setting: ${await response.text()}`);
}

async function runRound(pool: Pool, backlog: Backlog, skus: readonly string[], orders: number, shoppers: number): Promise<Round> {
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
  await backlog.untilEmpty(orders);
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
  const ended = await outcomeOf(pool, order);
  if (ended !== 'paid') throw new Error(`an order ended as ${ended}: ${JSON.stringify(order)}`);
}

async function post(pool: Pool, path: string, body: unknown, headers: Record<string, string> = {}, tries = 5): Promise<Record<string, unknown>> {
  const response = await pool.request({ path, method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  const text = await response.body.text();
  // What clients do: the same key again; its time counts.
  if (response.statusCode >= 502 && headers['idempotency-key'] !== undefined && tries > 1) {
    await delay(100);
    return post(pool, path, body, headers, tries - 1);
  }
  if (response.statusCode >= 300) throw new Error(`${path} answered ${response.statusCode}: ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}

/** An answer of 202 came before the outcome: looks for it, as a client does; its time counts. */
async function outcomeOf(pool: Pool, order: Record<string, unknown>): Promise<string> {
  let status = String(order['status']);
  for (let look = 0; look < 240 && ['pending', 'reserved', 'awaiting_payment'].includes(status); look += 1) {
    await delay(250);
    const response = await pool.request({ path: `/api/orders/${String(order['id'])}`, method: 'GET', headers: { 'x-order-token': String(order['orderToken']) } });
    status = String(((await response.body.json()) as Record<string, unknown>)['status'] ?? status);
  }
  return status;
}

/** Plenty of products in euros, each with more stock than a run can take, also when the shop was measured before. */
async function sellableSkus(shop: BenchShop): Promise<string[]> {
  const skus: string[] = [];
  await withShoppers(shop, async (pool) => {
    for (let page = 1; page <= 20; page += 1) {
      const response = await pool.request({ path: `/api/products?inStock=true&limit=100&page=${page}`, method: 'GET' });
      const { items } = (await response.body.json()) as { items: { variants: { sku: string; price: { currency: string } }[] }[] };
      for (const { variants } of items) for (const { sku, price } of variants) if (price.currency === 'EUR') skus.push(sku);
    }
  });
  const client = await MongoClient.connect(shop.environmentOf('product-service')['MONGODB_URI'] ?? '');
  try {
    const rows = client.db().collection<{ _id: string; onHand: number; reserved: number }>('stock').find({ _id: { $in: skus } });
    const plenty: string[] = [];
    for await (const { _id, onHand, reserved } of rows) if (onHand - reserved >= plentyOfStock) plenty.push(_id);
    if (plenty.length < 100) throw new Error(`only ${plenty.length} variants can be sold: seed the demo data`);
    return plenty;
  } finally {
    await client.close();
  }
}
