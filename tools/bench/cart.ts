import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { RedisStateClient } from '@shopfleet/redis';
import { Agent, request } from 'undici';
import type { BenchOptions, BenchShop } from './bench-shop.ts';
import { peerFigures } from './peers.ts';
import { processorTimeEach, readProcessorTime } from './processor-time.ts';
import { median, type Row } from './table.ts';
import { findWrk } from './wrk.ts';

const crowds = [16, 64];
const rounds = 5;
const REQUESTS_OF_A_FLOW = 2;
const FILL_BATCH = 2_000;
// Redis moves its table, doubled when the keys pass a power of two, a little with each command and in its idle time.
const TABLE_MOVES_MS = 20_000;
// Bench carts: ids that no shopper has, so that they can be told apart and removed.
const filler = (n: number): string => `{cart}:c:crt_bench${n}`;

const script = fileURLToPath(new URL('./cart-flow.lua', import.meta.url));

/** One run of wrk; the times are milliseconds of one request. */
interface Round {
  readonly flows: number;
  readonly flowsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/**
 * A new cart and two adds, as a guest, through nginx; by 16 and 64 shoppers, with a handful of carts and with a million
 * in redis-state, beside the other shops where a comparison has been run.
 */
export async function benchCart(shop: BenchShop, { seconds, carts }: BenchOptions): Promise<Row[]> {
  const wrk = await findWrk();
  const redis = new RedisStateClient(shop.environmentOf('cart-service')['REDIS_STATE_URL'] ?? '');
  try {
    await removeFillers(redis, carts);
    const skus = await sellableSkus(shop);
    const load = (shoppers: number, length: number): Promise<Round> => run(wrk, shop.url, skus, shoppers, length);
    // Until V8 has compiled what runs: shorter, the first rounds take half as long again.
    await load(64, 10);
    const few = await measure(shop, load, redis, seconds);
    const bytes = await fill(redis, skus, carts);
    const many = await measure(shop, load, redis, seconds);
    return [...rowsOf(few), ...flatRows(few, many, carts), { what: `cart: bytes per cart of two lines, of ${carts.toLocaleString('en')}`, measured: `${bytes.toFixed(0)} bytes` }];
  } finally {
    await removeFillers(redis, carts);
    await redis.onApplicationShutdown();
  }
}

type Load = (shoppers: number, seconds: number) => Promise<Round>;

interface Measured {
  readonly byCrowd: ReadonlyMap<number, { readonly rate: number; readonly p50: number; readonly p99: number; readonly processorTime: string }>;
  /** Microseconds that Redis spends on one script, of those measured. */
  readonly scriptMicroseconds: number;
}

async function measure(shop: BenchShop, load: Load, redis: RedisStateClient, seconds: number): Promise<Measured> {
  const byCrowd = new Map<number, { rate: number; p50: number; p99: number; processorTime: string }>();
  await redis.config('RESETSTAT');
  for (const shoppers of crowds) {
    const found: Round[] = [];
    const before = await readProcessorTime(shop);
    for (let round = 0; round < rounds; round += 1) found.push(await load(shoppers, seconds));
    const requests = REQUESTS_OF_A_FLOW * found.reduce((sum, { flows }) => sum + flows, 0);
    const processorTime = processorTimeEach(before, await readProcessorTime(shop), requests);
    byCrowd.set(shoppers, { processorTime, rate: median(found.map(({ flowsPerSecond }) => flowsPerSecond)), p50: median(found.map(({ p50 }) => p50)), p99: median(found.map(({ p99 }) => p99)) });
    console.log(`  ${shoppers} shoppers: ${found.map(({ flowsPerSecond, p99 }) => `${flowsPerSecond.toFixed(0)} flows/s (p99 ${p99.toFixed(1)} ms)`).join(', ')}`);
  }
  const stats = await redis.info('commandstats');
  return { byCrowd, scriptMicroseconds: Number(/cmdstat_evalsha:.*?usec_per_call=([\d.]+)/u.exec(stats)?.[1]) };
}

// wrk, because a load generator in JavaScript costs as much of these cores as the cart service itself.
async function run(wrk: string, url: string, skus: readonly string[], shoppers: number, seconds: number): Promise<Round> {
  const { stdout } = await promisify(execFile)(wrk, ['-t1', `-c${shoppers}`, `-d${seconds}s`, '-s', script, url, ...skus]);
  const found = /^FLOWS (?<flows>\d+) (?<duration>\d+) (?<p50>[\d.]+) (?<p99>[\d.]+) (?<lost>\d+) (?<failure>.*)$/mu.exec(stdout)?.groups;
  if (found === undefined || found['lost'] !== '0' || found['failure'] !== '') throw new Error(`adding to carts failed:\n${stdout}`);
  return { flows: Number(found['flows']), flowsPerSecond: Number(found['flows']) / (Number(found['duration']) / 1e6), p50: Number(found['p50']), p99: Number(found['p99']) };
}

function rowsOf({ byCrowd }: Measured): Row[] {
  const rows: Row[] = [];
  for (const [shoppers, { rate, p50, p99, processorTime }] of byCrowd) {
    rows.push({ what: `cart: a new cart and two adds, ${shoppers} shoppers`, measured: `${rate.toFixed(0)} flows/s` });
    rows.push({ what: `cart: one request, ${shoppers} shoppers, p50`, measured: `${p50.toFixed(1)} ms` });
    rows.push({ what: `cart: one request, ${shoppers} shoppers, p99`, measured: `${p99.toFixed(1)} ms`, ...(shoppers === 64 && { promised: '< 25 ms', ok: p99 < 25 }) });
    rows.push({ what: `cart: processor time of a request, ${shoppers} shoppers, wrk not counted`, measured: processorTime });
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
  await delay(TABLE_MOVES_MS);
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

async function sellableSkus({ url, ca }: BenchShop): Promise<string[]> {
  const dispatcher = new Agent({ connect: { ca } });
  const response = await request(`${url}/api/products?inStock=true&limit=100`, { dispatcher });
  const { items } = (await response.body.json()) as { items: { variants: { sku: string; price: { currency: string } }[] }[] };
  await dispatcher.close();
  const skus = items.flatMap(({ variants }) => variants.filter(({ price }) => price.currency === 'EUR').map(({ sku }) => sku));
  if (skus.length < 20) throw new Error(`only ${skus.length} variants can be sold: seed the demo data`);
  return skus;
}
