import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { migrate } from '@shopfleet/mongo';
import { frameOf, productOf, profiles } from '@shopfleet/seed';
import { MongoClient, type Db, type Document } from 'mongodb';
import { Agent, request } from 'undici';
import type { BenchOptions, BenchShop } from './bench-shop.ts';
import { startProductWorker, type ProductWorker } from './product-worker.ts';
import type { Row } from './table.ts';
import { freshVhost } from './vhost.ts';

const PRODUCTS = 100_000;
const FIRST = 10_000;
const SEED = 42;

interface Summary {
  readonly lines: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly failed: number;
}

/** A hundred thousand products in, once more, out, and in again as CSV: what a worker's memory does, and what a repetition changes. */
export async function benchBulk(shop: BenchShop, _options: BenchOptions): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'shopfleet-bulk-'));
  const rabbitmq = await freshVhost(shop, 'bench-bulk');
  const { url, client } = await emptyDatabase(shop);
  const worker = await startProductWorker(shop, url, shop.instance.ports.gateway + 60, { RABBITMQ_URL: rabbitmq.url });
  try {
    const bulk = new Bulk(worker, await managersToken(shop));
    const file = join(folder, 'products.ndjson');
    await pipeline(Readable.from(lines()), createWriteStream(file));
    const first = await bulk.import(file, 'application/x-ndjson');
    const before = await fingerprintOf(client.db());
    const again = await bulk.import(file, 'application/x-ndjson');
    const ndjson = await bulk.export('ndjson', join(folder, 'export.ndjson'));
    const csv = await bulk.export('csv', join(folder, 'export.csv'));
    const back = await bulk.import(join(folder, 'export.csv'), 'text/csv');
    const after = await worker.memory();
    const changed = JSON.stringify(await fingerprintOf(client.db())) === JSON.stringify(before) ? 0 : 1;
    const peaks = [first, again, ndjson, csv, back].map(({ peak }) => peak);
    const repeated = again.summary.unchanged + back.summary.unchanged;
    return [
      { what: `bulk: import of ${first.summary.lines} valid products (${first.megabytes.toFixed(0)} MB), created`, measured: String(first.summary.created), promised: String(PRODUCTS), ok: first.summary.created === PRODUCTS },
      { what: 'bulk: products imported in a second', measured: (PRODUCTS / first.seconds).toFixed(0) },
      { what: 'bulk: the same file again, and what was exported as CSV: left unchanged', measured: String(repeated), promised: String(2 * PRODUCTS), ok: repeated === 2 * PRODUCTS },
      { what: 'bulk: products, stock rows and events that differ after that', measured: String(changed), promised: '0', ok: changed === 0 },
      { what: 'bulk: seconds of the repeated import, the export as NDJSON and as CSV', measured: [again, ndjson, csv].map(({ seconds }) => seconds.toFixed(0)).join(', ') },
      { what: `bulk: greatest memory of the worker, lines ${FIRST} to ${PRODUCTS} beside the first ${FIRST}`, ...flat(first.peak - first.earlyPeak) },
      { what: 'bulk: memory of the worker after all of it', measured: `${after.toFixed(0)} MB`, promised: '< 250 MB', ok: after < 250 },
      { what: 'bulk: greatest memory of the worker in the import, the second one, both exports and the third', measured: `${peaks.map((peak) => peak.toFixed(0)).join(', ')} MB` },
    ];
  } finally {
    await worker.stop();
    await client.close();
    await rabbitmq.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

const flat = (growth: number): Omit<Row, 'what'> => ({ measured: `${growth < 0 ? '−' : '+'}${Math.abs(growth).toFixed(0)} MB`, promised: '≤ 30 MB', ok: growth <= 30 });

class Bulk {
  readonly #worker: ProductWorker;
  readonly #headers: { readonly authorization: string };
  readonly #agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });

  constructor(worker: ProductWorker, token: string) {
    this.#worker = worker;
    this.#headers = { authorization: `Bearer ${token}` };
  }

  async import(file: string, type: string): Promise<{ summary: Summary; seconds: number; megabytes: number; earlyPeak: number; peak: number }> {
    const { size } = await stat(file);
    const memory = watch(this.#worker);
    const began = performance.now();
    const handle = await open(file);
    const response = await request(`${this.#worker.url}/api/products/import`, {
      method: 'POST', headers: { ...this.#headers, 'content-type': type, 'content-length': String(size) }, body: handle.createReadStream(), dispatcher: this.#agent,
    });
    if (response.statusCode !== 200) throw new Error(`the import answered ${response.statusCode}: ${await response.body.text()}`);
    let summary: Summary | undefined;
    let earlyPeak = 0;
    for await (const line of createInterface(response.body)) {
      const report = JSON.parse(line) as { progress?: Summary; summary?: Summary; errors?: unknown };
      if (report.progress && report.progress.lines <= FIRST) earlyPeak = memory.peak();
      if (report.progress && report.progress.lines % 20_000 === 0) console.log(`  ${report.progress.lines} lines, ${memory.now().toFixed(0)} MB`);
      summary ??= report.summary;
      if (report.errors !== undefined) console.log(`  ${line.slice(0, 200)}`);
    }
    if (!summary) throw new Error('the import broke off');
    return { summary, seconds: (performance.now() - began) / 1_000, megabytes: size / 1e6, earlyPeak, peak: memory.stop() };
  }

  async export(format: string, file: string): Promise<{ seconds: number; peak: number }> {
    const memory = watch(this.#worker);
    const began = performance.now();
    const response = await request(`${this.#worker.url}/api/products/export?format=${format}`, { headers: this.#headers, dispatcher: this.#agent });
    if (response.statusCode !== 200) throw new Error(`the export answered ${response.statusCode}: ${await response.body.text()}`);
    await pipeline(response.body, createWriteStream(file));
    return { seconds: (performance.now() - began) / 1_000, peak: memory.stop() };
  }
}

/** Looks at the worker's memory four times a second. */
function watch(worker: ProductWorker): { peak: () => number; now: () => number; stop: () => number } {
  let peak = 0;
  let now = 0;
  let over = false;
  const look = async (): Promise<void> => {
    while (!over) {
      now = await worker.memory();
      peak = Math.max(peak, now);
      await delay(250);
    }
  };
  void look();
  return { peak: () => peak, now: () => now, stop: () => { over = true; return peak; } };
}

function* lines(): Generator<string> {
  const frame = frameOf({ ...profiles.bench, products: PRODUCTS }, SEED);
  for (let index = 0; index < PRODUCTS; index += 1) {
    const { slug, name, description, brand, categoryIds, partnerId, taxClass, variants } = productOf(frame, index).product;
    yield `${JSON.stringify({
      slug, name, description, brand: brand.name, categoryId: categoryIds.at(-1), partnerId, taxClass,
      variants: variants.map(({ active: _active, inStock: _inStock, ...variant }) => variant),
    })}\n`;
  }
}

async function emptyDatabase(shop: BenchShop): Promise<{ url: string; client: MongoClient }> {
  const url = new URL(shop.environmentOf('product-service')['MONGODB_URI'] ?? '');
  url.pathname = '/shop_bench_bulk';
  const client = await MongoClient.connect(url.href);
  await client.db().dropDatabase();
  const { indexes } = (await import(new URL('../../apps/product/dist/indexes.js', import.meta.url).href)) as { indexes: Parameters<typeof migrate>[1] };
  await migrate(url.href, indexes);
  await client.db().collection<Document>('categories').insertMany(frameOf(profiles.bench, SEED).categories as unknown as Document[]);
  return { url: url.href, client };
}

/** What a repetition must not touch. */
async function fingerprintOf(db: Db): Promise<unknown> {
  const [versions] = await db.collection('products').aggregate([{ $group: { _id: null, products: { $sum: 1 }, versions: { $sum: '$version' }, latest: { $max: '$updatedAt' } } }]).toArray();
  const [stock, events] = await Promise.all([db.collection('stock').countDocuments(), db.collection('outbox').countDocuments()]);
  return { versions, stock, events };
}

async function managersToken(shop: BenchShop): Promise<string> {
  const response = await request(`http://127.0.0.1:${shop.environmentOf('auth-service')['PORT'] ?? ''}/api/auth/login`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: 'manager@example.com', password: 'shopfleet-demo' }),
  });
  const { accessToken } = (await response.body.json()) as { accessToken?: string };
  if (accessToken === undefined) throw new Error(`the manager's login answered ${response.statusCode}`);
  return accessToken;
}
