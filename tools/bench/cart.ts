import { setTimeout as delay } from 'node:timers/promises';
import { RedisStateClient } from '@shopfleet/redis';
import { Pool } from 'undici';
import type { BenchOptions, BenchShop } from './bench-shop.ts';
import { peerFigures } from './peers.ts';
import { median, percentile, type Row } from './table.ts';

const crowds = [16, 64];
const rounds = 3;
const FILL_BATCH = 2_000;
// Bench carts: ids that no shopper has, so that they can be told apart and removed.
const filler = (n: number): string => `{cart}:c:crt_bench${n}`;

interface Round {
  readonly flowsPerSecond: number;
  /** Milliseconds of one request. */
  readonly latencies: readonly number[];
}

/**
 * A new cart and two adds, as a guest, through nginx; by 16 and 64 shoppers, with a handful of carts and with a million
 * in redis-state, beside the other shops where a comparison has been run.
 */
export async function benchCart(shop: BenchShop, { seconds, carts }: BenchOptions): Promise<Row[]> {
  const pool = new Pool(shop.url, { connect: { ca: shop.ca }, connections: Math.max(...crowds) });
  const redis = new RedisStateClient(shop.environmentOf('cart-service')['REDIS_STATE_URL'] ?? '');
  try {
    await removeFillers(redis, carts);
    const skus = await sellableSkus(pool);
    await run(pool, skus, 16, 2);
    const few = await measure(pool, redis, skus, seconds);
    const bytes = await fill(redis, skus, carts);
    const many = await measure(pool, redis, skus, seconds);
    return [...rowsOf(few), ...flatRows(few, many, carts), { what: `cart: bytes per cart of two lines, of ${carts.toLocaleString('en')}`, measured: `${bytes.toFixed(0)} bytes` }];
  } finally {
    await removeFillers(redis, carts);
    await redis.onApplicationShutdown();
    await pool.destroy();
  }
}

interface Measured {
  readonly byCrowd: ReadonlyMap<number, { readonly rate: number; readonly p50: number; readonly p99: number }>;
  /** Microseconds that Redis spends on one script, of those measured. */
  readonly scriptMicroseconds: number;
}

async function measure(pool: Pool, redis: RedisStateClient, skus: readonly string[], seconds: number): Promise<Measured> {
  const byCrowd = new Map<number, { rate: number; p50: number; p99: number }>();
  await redis.config('RESETSTAT');
  for (const shoppers of crowds) {
    const found: Round[] = [];
    for (let round = 0; round < rounds; round += 1) found.push(await run(pool, skus, shoppers, seconds));
    const latencies = found.flatMap((round) => round.latencies);
    const rate = median(found.map(({ flowsPerSecond }) => flowsPerSecond));
    byCrowd.set(shoppers, { rate, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) });
    console.log(`  ${shoppers} shoppers: ${found.map(({ flowsPerSecond }) => flowsPerSecond.toFixed(0)).join(', ')} flows/s`);
  }
  const stats = await redis.info('commandstats');
  return { byCrowd, scriptMicroseconds: Number(/cmdstat_evalsha:.*?usec_per_call=([\d.]+)/u.exec(stats)?.[1]) };
}

async function run(pool: Pool, skus: readonly string[], shoppers: number, seconds: number): Promise<Round> {
  const latencies: number[] = [];
  let flows = 0;
  const begin = performance.now();
  const end = begin + seconds * 1_000;
  const timed = async (sku: string, token?: string): Promise<string> => {
    const started = performance.now();
    const cartToken = await add(pool, sku, token);
    latencies.push(performance.now() - started);
    return cartToken;
  };
  await Promise.all(
    Array.from({ length: shoppers }, async (_, shopper) => {
      for (let n = shopper * 7; performance.now() < end; n += 2) {
        const token = await timed(skus[n % skus.length] ?? '');
        await timed(skus[(n + 1) % skus.length] ?? '', token);
        flows += 1;
      }
    }),
  );
  return { flowsPerSecond: flows / ((performance.now() - begin) / 1_000), latencies };
}

async function add(pool: Pool, sku: string, token?: string): Promise<string> {
  const headers = { 'content-type': 'application/json', ...(token !== undefined && { 'x-cart-token': token }) };
  const response = await pool.request({ path: '/api/cart/items', method: 'POST', headers, body: JSON.stringify({ sku, quantity: 1 }) });
  const text = await response.body.text();
  if (response.statusCode !== 201) throw new Error(`adding to a cart was answered ${response.statusCode}: ${text}`);
  return String((JSON.parse(text) as { cartToken?: string }).cartToken);
}

function rowsOf({ byCrowd }: Measured): Row[] {
  const rows: Row[] = [];
  for (const [shoppers, { rate, p50, p99 }] of byCrowd) {
    rows.push({ what: `cart: a new cart and two adds, ${shoppers} shoppers`, measured: `${rate.toFixed(0)} flows/s` });
    rows.push({ what: `cart: one request, ${shoppers} shoppers, p50`, measured: `${p50.toFixed(1)} ms` });
    rows.push({ what: `cart: one request, ${shoppers} shoppers, p99`, measured: `${p99.toFixed(1)} ms`, ...(shoppers === 64 && { promised: '< 25 ms', ok: p99 < 25 }) });
  }
  const rate = byCrowd.get(16)?.rate ?? Number.NaN;
  const peers = peerFigures('d add-to-cart');
  for (const { shop, perSecond } of peers) rows.push({ what: `cart: the same flow of ${shop}, 16 shoppers`, measured: `${perSecond.toFixed(1)} flows/s` });
  const better = Math.max(...peers.map(({ perSecond }) => perSecond));
  if (peers.length > 0) rows.push({ what: 'cart: beside the better of them', measured: `${(rate / better).toFixed(0)} ×`, promised: '≥ 40 ×', ok: rate / better >= 40 });
  return rows;
}

function flatRows(few: Measured, many: Measured, carts: number): Row[] {
  const [before, after] = [few.byCrowd.get(16)?.p50 ?? Number.NaN, many.byCrowd.get(16)?.p50 ?? Number.NaN];
  const label = `few → ${carts.toLocaleString('en')} carts`;
  const scripts = many.scriptMicroseconds / few.scriptMicroseconds;
  return [
    { what: `cart: Redis's own time for one change, ${label}`, measured: `${few.scriptMicroseconds.toFixed(0)} → ${many.scriptMicroseconds.toFixed(0)} µs`, promised: '≤ 1.2 ×', ok: scripts <= 1.2 },
    { what: `cart: one request, 16 shoppers, p50, ${label}`, measured: `${before.toFixed(1)} → ${after.toFixed(1)} ms` },
  ];
}

/** Fills redis-state with carts of two lines, as the scripts write them. @returns bytes that one takes, key and expiry included */
async function fill(redis: RedisStateClient, skus: readonly string[], carts: number): Promise<number> {
  console.log(`  filling redis-state with ${carts.toLocaleString('en')} carts …`);
  const before = await usedMemory(redis);
  for (let start = 0; start < carts; start += FILL_BATCH) {
    const commands = Array.from({ length: Math.min(FILL_BATCH, carts - start) }, (_, offset) => {
      const n = start + offset;
      const line = (i: number, order: number): [string, string] => [`l:${skus[(n + i) % skus.length]}`, `1|${order}|4990|EUR`];
      return [redis.hset(filler(n), 'v', 2, 'cur', 'EUR', ...line(0, 1), ...line(1, 2)), redis.expire(filler(n), 30 * 86_400)];
    });
    await Promise.all(commands.flat());
  }
  const bytes = ((await usedMemory(redis)) - before) / carts;
  await untilRewritten(redis);
  return bytes;
}

/** So much written at once makes Redis rewrite its file; that is a cost of the filling. */
async function untilRewritten(redis: RedisStateClient): Promise<void> {
  while (/aof_rewrite_(?:in_progress|scheduled):1/u.test(await redis.info('persistence'))) await delay(250);
}

async function removeFillers(redis: RedisStateClient, carts: number): Promise<void> {
  for (let start = 0; start < carts; start += FILL_BATCH) {
    const removed = await redis.unlink(...Array.from({ length: FILL_BATCH }, (_, offset) => filler(start + offset)));
    // Nothing here: nothing was left behind by an earlier run either.
    if (removed === 0) return;
  }
}

async function usedMemory(redis: RedisStateClient): Promise<number> {
  return Number(/used_memory:(\d+)/u.exec(await redis.info('memory'))?.[1]);
}

async function sellableSkus(pool: Pool): Promise<string[]> {
  const response = await pool.request({ path: '/api/products?inStock=true&limit=100', method: 'GET' });
  const { items } = (await response.body.json()) as { items: { variants: { sku: string; price: { currency: string } }[] }[] };
  const skus = items.flatMap(({ variants }) => variants.filter(({ price }) => price.currency === 'EUR').map(({ sku }) => sku));
  if (skus.length < 20) throw new Error(`only ${skus.length} variants can be sold: seed the demo data`);
  return skus;
}
