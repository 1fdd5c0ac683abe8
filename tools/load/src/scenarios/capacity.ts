import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { openBacklog, ShopTraffic, type Row, type Visit } from '@shopfleet/bench';
import { inspect } from '@shopfleet/local';
import { randomOf, zipfRank } from '@shopfleet/seed';
import { MongoClient } from 'mongodb';
import { Pool } from 'undici';
import { capacityPage } from '../capacity-page.ts';
import { kinds, type Kind, type Measured } from '../capacity-model.ts';
import type { LoadShop } from '../load-shop.ts';
import { processorTime, taken, total, type ProcessorTime } from '../processor-time.ts';
import type { Scenario } from '../scenario.ts';

const atOnce = 16;
// Ten attempts on one account at once are taken for an attack, and many orders at once have calls between services time out.
const fewAtOnce = 4;
/** Enough of each that a hundredth of a second, in which the system counts, is a small part. */
const counts: Readonly<Record<Kind, number>> = { edge: 20_000, product: 8_000, uncached: 1_500, search: 800, cart: 4_000, add: 3_000, me: 3_000, orders: 1_500, notifications: 1_500, login: 150, order: 200 };

const capacityFile = new URL('../../../../docs/capacity.json', import.meta.url);
const capacityDocument = new URL('../../../../docs/capacity.md', import.meta.url);

/** Processor time of one request of each kind, and the model of more people than this machine bears. */
export const capacity: Scenario = {
  about: 'what a request of each kind costs; writes docs/capacity.md',
  run: async (shop) => {
    const megabytes = await workerMegabytes(shop);
    const costs = await measureCosts(shop);
    // Afterwards: the orders have made mails.
    const bytes = await measureBytes(shop);
    const measured: Measured = { date: new Date().toISOString().slice(0, 10), machine: `${availableParallelism()} cores, ${process.platform}, Node ${process.version}`, costs, bytes, workerMegabytes: megabytes };
    writeFileSync(capacityFile, `${JSON.stringify(measured, undefined, 2)}\n`);
    writeModel();
    return { rows: (Object.entries(costs) as [Kind, Record<string, number>][]).map(([kind, parts]): Row => ({ what: `cost: ${kinds[kind]}`, measured: `${Object.values(parts).reduce((sum, cost) => sum + cost, 0).toFixed(2)} ms` })), charts: [] };
  },
};

/** docs/capacity.md from what was measured last. */
export function writeModel(): void {
  writeFileSync(capacityDocument, capacityPage(JSON.parse(readFileSync(capacityFile, 'utf8')) as Measured));
}

async function measureCosts(shop: LoadShop): Promise<Measured['costs']> {
  const pool = new Pool(shop.url, { connect: { ca: shop.ca }, connections: atOnce });
  const backlog = await openBacklog(shop);
  try {
    const traffic = await ShopTraffic.open(pool, shop.data.seed);
    const { slugs } = shop.data;
    const random = randomOf(shop.data.seed, 'load/capacity');
    const path: Partial<Record<Kind, (index: number) => string>> = {
      edge: () => '/api/products?limit=20',
      product: () => `/api/products/${slugs[zipfRank(slugs.length, random)]}`,
      uncached: (index) => `/api/products?limit=20&page=${1 + (Math.abs(index) % 100)}&minPrice=${2_000 + index}&maxPrice=${90_000_000 + (Date.now() % 100_000)}`,
      search: (index) => `/api/products?limit=20&q=${encodeURIComponent(slugs[Math.abs(index) % slugs.length]?.split('-')[0] ?? '')}&maxPrice=${90_000_000 + index}`,
    };
    const send = (kind: Kind, index: number): Promise<unknown> => {
      const read = path[kind];
      return read === undefined ? traffic.visit(kind as Visit) : get(pool, read(index));
    };
    const idle = await idlePerSecond(shop);
    const costs: Partial<Record<Kind, Record<string, number>>> = {};
    for (const [kind, count] of Object.entries(counts) as [Kind, number][]) {
      const visitors = kind === 'login' || kind === 'order' ? fewAtOnce : atOnce;
      await many(Math.ceil(count / 20), visitors, (index) => send(kind, -index - 1));
      const [before, began] = [await processorTime(shop.instance), performance.now()];
      await many(count, visitors, (index) => send(kind, index));
      await backlog.untilEmpty();
      const spent = taken(before, await processorTime(shop.instance));
      const seconds = (performance.now() - began) / 1_000;
      costs[kind] = Object.fromEntries([...spent].map(([part, used]) => [part, Number(((Math.max(0, used - (idle.get(part) ?? 0) * seconds) / count) * 1_000).toFixed(4))]));
      console.log(`  ${kind}: ${((total(spent) / count) * 1_000).toFixed(2)} ms, ${Math.round(count / seconds)}/s`);
    }
    return costs as Measured['costs'];
  } finally {
    await backlog.close();
    await pool.destroy();
  }
}

/** What the shop takes when nobody asks: schedules, heart-beats, looks at queues. */
async function idlePerSecond(shop: LoadShop): Promise<ProcessorTime> {
  await delay(2_000);
  const before = await processorTime(shop.instance);
  await delay(5_000);
  return new Map([...taken(before, await processorTime(shop.instance))].map(([part, seconds]) => [part, seconds / 5]));
}

async function many(count: number, visitors: number, send: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: visitors }, async () => {
    for (let index = next++; index < count; index = next++) await send(index);
  }));
}

async function get(pool: Pool, path: string): Promise<void> {
  const response = await pool.request({ path, method: 'GET', headers: { 'accept-encoding': 'gzip' } });
  await response.body.dump({ limit: 10_000_000 });
  if (response.statusCode !== 200) throw new Error(`${path} answered ${response.statusCode}`);
}

/** What WiredTiger holds on disk for one document of a collection, with its indexes. */
async function measureBytes(shop: LoadShop): Promise<Measured['bytes']> {
  const client = await MongoClient.connect(shop.environmentOf('order-service')['MONGODB_URI'] ?? '');
  try {
    const each = async (service: string, collection: string): Promise<number> => {
      const database = client.db(new URL(shop.environmentOf(service)['MONGODB_URI'] ?? '').pathname.slice(1));
      const [stats] = await database.collection(collection).aggregate<{ storageStats: { count: number; storageSize: number; totalIndexSize: number } }>([{ $collStats: { storageStats: {} } }]).toArray();
      if (stats === undefined || stats.storageStats.count < 100) throw new Error(`too few ${collection} to tell their size`);
      return Math.round((stats.storageStats.storageSize + stats.storageStats.totalIndexSize) / stats.storageStats.count);
    };
    return { account: await each('auth-service', 'accounts'), order: await each('order-service', 'orders'), mail: await each('notification-service', 'mails'), product: await each('product-service', 'products') };
  } finally {
    await client.close();
  }
}

async function workerMegabytes({ instance }: LoadShop): Promise<number> {
  const { workers } = await inspect(instance);
  return Math.round(workers.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0) / workers.length / 2 ** 20);
}
