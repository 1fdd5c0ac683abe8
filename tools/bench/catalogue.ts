import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { randomOf, zipfRank } from '@shopfleet/seed';
import { MongoClient } from 'mongodb';
import type { BenchOptions, BenchShop } from './bench-shop.ts';
import { forgetCached, readAll, startProductWorker, type ProductWorker } from './product-worker.ts';
import { median, type Row } from './table.ts';
import { findWrk, requestsPerSecond } from './wrk.ts';

const list = '/api/products?limit=20';
const rounds = 5;
// Of lists that nobody asked for before: a round is short, and until V8 has compiled what it runs each costs twice as much.
const warmingRounds = 8;
const listRounds = 9;
const packed = { 'accept-encoding': 'gzip' };
const atOnce = 16;

/** What one worker does with the demo catalogue: from memory, from the database, cold, and under a Zipf load. */
export async function benchCatalogue(shop: BenchShop, { seconds }: BenchOptions): Promise<Row[]> {
  const uri = shop.environmentOf('product-service')['MONGODB_URI'] ?? '';
  const worker = await startProductWorker(shop, uri, shop.instance.ports.gateway + 40);
  try {
    return [...(await memoryHit(worker, seconds)), ...(await uncachedList(shop, worker, uri)), ...(await hitRate(shop, worker, uri)), ...(await coldKey(shop, worker, uri))];
  } finally {
    await worker.stop();
  }
}

async function memoryHit(worker: ProductWorker, seconds: number): Promise<Row[]> {
  const wrk = await findWrk();
  const response = await worker.pool.request({ path: list, method: 'GET', headers: packed });
  const file = join(tmpdir(), 'shopfleet-bench-list');
  writeFileSync(file, Buffer.from(await response.body.arrayBuffer()));
  const headers = Object.fromEntries(Object.entries(response.headers).filter(([name]) => !['date', 'connection', 'keep-alive', 'transfer-encoding'].includes(name)));
  const bare = spawn(process.execPath, [fileURLToPath(new URL('bare-http.mjs', import.meta.url))], { env: { PATH: process.env['PATH'], BARE: JSON.stringify({ file, headers }) }, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [bareUrl] = (await once(createInterface(bare.stdout), 'line')) as [string];
    await requestsPerSecond(wrk, `${worker.url}${list}`, seconds, packed);
    const ratios: number[] = [];
    const rates: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const hit = await requestsPerSecond(wrk, `${worker.url}${list}`, seconds, packed);
      const floor = await requestsPerSecond(wrk, bareUrl, seconds, packed);
      console.log(`  memory hit ${Math.round(hit)}/s, bare node:http ${Math.round(floor)}/s`);
      rates.push(hit);
      ratios.push(hit / floor);
    }
    const ratio = median(ratios);
    return [
      { what: 'catalogue: list of 20 from a worker’s memory', measured: `${Math.round(median(rates))} requests/s` },
      { what: 'catalogue: beside bare node:http with the same bytes (median of pairs)', measured: `${ratio.toFixed(2)} ×`, promised: '≥ 0.5 ×', ok: ratio >= 0.5 },
    ];
  } finally {
    bare.kill('SIGTERM');
  }
}

/** Pages that nobody has asked for yet, beside the same query by the driver alone. */
async function uncachedList(shop: BenchShop, worker: ProductWorker, uri: string): Promise<Row[]> {
  const client = await MongoClient.connect(uri, { maxPoolSize: atOnce });
  try {
    const products = client.db().collection('products');
    const pages = Array.from({ length: 240 }, (_, page) => page);
    const ratios: number[] = [];
    for (let round = 0; round < warmingRounds + listRounds; round += 1) {
      await forgetCached(shop);
      await readAll(worker.pool, ['/api/products?limit=1'], 1);
      const began = performance.now();
      await readAll(worker.pool, pages.map((page) => `/api/products?limit=20&page=${page + 1}`), atOnce);
      const service = performance.now() - began;
      const start = performance.now();
      let next = 0;
      await Promise.all(Array.from({ length: atOnce }, async () => {
        for (let page = next++; page < pages.length; page = next++) {
          await products.find({ status: 'active' }, { projection: { description: 0, search: 0, attrs: 0 } }).sort({ createdAt: -1, _id: -1 }).hint('newest').skip(page * 20).limit(20).toArray();
        }
      }));
      ratios.push((performance.now() - start) / service);
    }
    const ratio = median(ratios.slice(warmingRounds));
    console.log(`  uncached list beside the driver: ${ratios.map((each) => each.toFixed(2)).join(', ')} (${warmingRounds} to warm up)`);
    return [{ what: 'catalogue: uncached list beside the driver’s bare query (median of pairs)', measured: `${ratio.toFixed(2)} ×`, promised: '≥ 0.6 ×', ok: ratio >= 0.6 }];
  } finally {
    await client.close();
  }
}

/** Product pages drawn by Zipf's law, from cold. */
async function hitRate(shop: BenchShop, worker: ProductWorker, uri: string): Promise<Row[]> {
  const client = await MongoClient.connect(uri);
  const slugs = await client.db().collection('products').find({ status: 'active' }, { projection: { slug: 1 } }).sort({ popularity: -1, _id: -1 }).limit(5_000).toArray();
  await client.close();
  await forgetCached(shop);
  const random = randomOf(42, 'bench/zipf');
  const paths = Array.from({ length: 60_000 }, () => `/api/products/${String(slugs[zipfRank(slugs.length, random)]?.['slug'])}`);
  const { tiers } = await readAll(worker.pool, paths, atOnce);
  const share = 1 - (tiers['MISS'] ?? 0) / paths.length;
  return [{ what: `catalogue: hit rate, Zipf s = 1 over ${slugs.length} products, ${paths.length} requests from cold`, measured: `${(share * 100).toFixed(1)} %`, promised: '≥ 90 %', ok: share >= 0.9 }];
}

/** Five hundred at once over four workers on a key that no tier has. */
async function coldKey(shop: BenchShop, first: ProductWorker, uri: string): Promise<Row[]> {
  const others: ProductWorker[] = [];
  try {
    for (let index = 1; index < 4; index += 1) others.push(await startProductWorker(shop, uri, shop.instance.ports.gateway + 40 + index));
    const workers = [first, ...others];
    let most = 0;
    for (let round = 0; round < 5; round += 1) {
      const path = `/api/products?limit=7&minPrice=${1_000 + round}&maxPrice=${900_000 + round}&page=1&fields=name,slug`;
      await forgetCached(shop);
      const readings = await Promise.all(workers.map(({ pool }) => readAll(pool, Array.from({ length: 125 }, () => path), 125)));
      // Those of one worker who asked while it filled share its fill and its tier, so workers are counted, not answers.
      most = Math.max(most, readings.filter(({ tiers }) => (tiers['MISS'] ?? 0) > 0).length);
    }
    return [{ what: 'catalogue: 500 at once on a cold key, 4 workers: workers that read the database, worst of 5', measured: String(most), promised: '≤ 1', ok: most <= 1 }];
  } finally {
    for (const worker of others) await worker.stop();
  }
}
