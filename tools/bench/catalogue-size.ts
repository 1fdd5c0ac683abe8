import { migrate } from '@shopfleet/mongo';
import { frameOf, load, planted, productOf, profiles, randomOf } from '@shopfleet/seed';
import { MongoClient, type Document } from 'mongodb';
import type { BenchOptions, BenchShop } from './bench-shop.ts';
import { forgetCached, p95, readAll, startProductWorker, type ProductWorker } from './product-worker.ts';
import { median, percentile, type Row } from './table.ts';

const sizes = [1_000, 10_000, 100_000] as const;
const SEED = 42;

/** Databases of their own with 1,000, 10,000 and 100,000 products: what grows with the catalogue, and what is found in it. */
export async function benchCatalogueSize(shop: BenchShop, _options: BenchOptions): Promise<Row[]> {
  const measured: { list: number; detail: number; cursor: number }[] = [];
  const rows: Row[] = [];
  for (const [index, products] of sizes.entries()) {
    const uri = await databaseOf(shop, products);
    const worker = await startProductWorker(shop, uri, shop.instance.ports.gateway + 50 + index);
    try {
      measured.push(await pages(shop, worker, uri));
      if (products === sizes.at(-1)) rows.push(...(await searches(shop, worker, uri)), ...(await recommendations(worker, products)), { what: 'catalogue: resident memory of a worker after this', ...under(await worker.memory(), 250, 'MB') });
    } finally {
      await worker.stop();
    }
  }
  const [first, last] = [measured[0], measured.at(-1)];
  const growth = (['list', 'detail', 'cursor'] as const).map((what): Row => {
    const ratio = (last?.[what] ?? Number.NaN) / (first?.[what] ?? Number.NaN);
    return { what: `catalogue: p95 of ${what}, 1,000 → 100,000 products (${measured.map((one) => one[what].toFixed(1)).join(' → ')} ms)`, measured: `${ratio.toFixed(2)} ×`, promised: '≤ 1.5 ×', ok: ratio <= 1.5 };
  });
  return [...growth, ...rows];
}

/** Kept from run to run; loading is idempotent. */
async function databaseOf(shop: BenchShop, products: number): Promise<string> {
  const url = new URL(shop.environmentOf('product-service')['MONGODB_URI'] ?? '');
  url.pathname = `/shop_bench_catalogue_${products}`;
  const { indexes } = (await import(new URL('../../apps/product/dist/indexes.js', import.meta.url).href)) as { indexes: Parameters<typeof migrate>[1] };
  await migrate(url.href, indexes);
  // Reviews are read by none of this; they take longer to load than the products.
  const profile = { ...profiles.bench, products, reviews: products };
  await load({ profile, seed: SEED, targets: { product: url.href, order: undefined, auth: undefined, redisState: undefined, redisCache: undefined, production: false }, replace: false, out: process.stdout });
  return url.href;
}

async function pages(shop: BenchShop, worker: ProductWorker, uri: string): Promise<{ list: number; detail: number; cursor: number }> {
  const client = await MongoClient.connect(uri);
  const slugs = await client.db().collection('products').aggregate<{ slug: string }>([{ $sample: { size: 400 } }, { $project: { slug: 1 } }]).toArray();
  const oldest = await client.db().collection('products').find({ status: 'active' }, { projection: { createdAt: 1 } }).sort({ createdAt: 1, _id: 1 }).skip(300).limit(200).toArray();
  await client.close();
  const { encodeCursor } = await import('@shopfleet/kernel');
  const cursorOf = (product: Document): string => encodeCursor(['-createdAt', (product['createdAt'] as Date).getTime(), String(product['_id'])]);
  const lists = Array.from({ length: 40 }, (_, page) => page + 1).flatMap((page) => ['', '&sort=price', '&sort=-popularity', '&sort=-rating', '&sort=createdAt'].map((sort) => `/api/products?limit=20&page=${page}${sort}`));
  const results = { list: [] as number[], detail: [] as number[], cursor: [] as number[] };
  for (let round = 0; round < 3; round += 1) {
    await forgetCached(shop);
    // How many there are is counted once per question and kept; the pages themselves are what is measured.
    await readAll(worker.pool, ['/api/products?limit=1', '/api/products?limit=1&sort=price'], 1);
    results.list.push(p95(await readAll(worker.pool, lists, 4)));
    results.detail.push(p95(await readAll(worker.pool, slugs.map(({ slug }) => `/api/products/${slug}`), 4)));
    results.cursor.push(p95(await readAll(worker.pool, oldest.map((product) => `/api/products?limit=20&cursor=${cursorOf(product)}`), 4)));
  }
  return { list: median(results.list), detail: median(results.detail), cursor: median(results.cursor) };
}

/** Names with one edit, facets over everything and over categories, words that many products have. */
async function searches(shop: BenchShop, worker: ProductWorker, uri: string): Promise<Row[]> {
  await forgetCached(shop);
  const random = randomOf(SEED, 'bench/misspellings');
  const frame = frameOf({ ...profiles.bench, products: 100_000 }, SEED);
  const wanted = Array.from({ length: 200 }, () => productOf(frame, random.between(100, 99_999)).product);
  const texts = wanted.map(({ name }) => misspell(name, random));
  const found = await readAll(worker.pool, texts.map((text) => `/api/products?limit=10&q=${encodeURIComponent(text)}`), 2, true);
  const hits = found.bodies.filter((body, index) => (body as { items: { id: string }[] }).items.some(({ id }) => id === wanted[index]?._id)).length;
  const words = ['lamp', 'oak', 'brass', 'mug', 'garden chair', 'home lighting', 'oak lamp', 'kettle', 'wool', 'desk', 'fernmill', 'travel guide'];
  const broad = await readAll(worker.pool, words.map((word) => `/api/products?q=${encodeURIComponent(word)}`), 2);
  const typing = await readAll(worker.pool, words.flatMap((word) => [2, 3, 4].map((length) => `/api/search/suggest?q=${encodeURIComponent(word.slice(0, length))}`)), 2);
  const client = await MongoClient.connect(uri);
  const categories = await client.db().collection('categories').find({}, { projection: { slug: 1 } }).limit(150).toArray();
  const facetPaths = ['/api/products?limit=1', ...categories.map(({ slug }) => `/api/products?limit=1&category=${String(slug)}`)].map((path) => `${path}&facets=brand,price`);
  const facets = await readAll(worker.pool, facetPaths, 2);
  const floors: number[] = [];
  for (const { _id } of categories) {
    const began = performance.now();
    await client.db().collection('products').aggregate([{ $match: { categoryIds: _id as unknown as string, status: 'active' } }, { $group: { _id: '$brand.slug', count: { $sum: 1 } } }], { hint: 'category_newest' }).toArray();
    floors.push(performance.now() - began);
  }
  await client.close();
  return [
    { what: 'catalogue: 200 misspellings by one edit that find the product in the top ten', measured: `${(hits / 2).toFixed(1)} %`, promised: '≥ 90 %', ok: hits >= 180 },
    { what: 'catalogue: search of misspelt names at 100,000, p95', ...under(p95(found), 200, 'ms') },
    { what: 'catalogue: search of common words at 100,000, p95', ...under(p95(broad), 200, 'ms') },
    { what: 'catalogue: suggestions while typing at 100,000, p95', ...under(p95(typing), 200, 'ms') },
    { what: 'catalogue: list with two facets, whole catalogue and categories, at 100,000, p95', ...under(p95(facets), 200, 'ms') },
    { what: 'catalogue: floor of a facet: the bare aggregation from the index, p95', measured: `${percentile(floors, 0.95).toFixed(0)} ms` },
  ];
}

async function recommendations(worker: ProductWorker, products: number): Promise<Row[]> {
  const frame = frameOf({ ...profiles.bench, products }, SEED);
  const random = randomOf(SEED, 'bench/recommendations');
  const asked = Array.from({ length: 200 }, () => random.between(0, products - 10));
  const { bodies } = await readAll(worker.pool, asked.map((index) => `/api/recommendations?limit=5&productId=${productOf(frame, index).product._id}`), 4, true);
  const shares = bodies.map((body, index) => {
    const should = new Set(planted(asked[index] ?? 0, products).map((other) => productOf(frame, other).product._id));
    return (body as { items: { id: string }[] }).items.filter(({ id }) => should.has(id)).length / 5;
  });
  const share = shares.reduce((sum, one) => sum + one, 0) / shares.length;
  return [{ what: 'catalogue: planted co-purchases among the top five recommendations', measured: `${(share * 100).toFixed(0)} %`, promised: '≥ 80 %', ok: share >= 0.8 }];
}

function misspell(name: string, random: ReturnType<typeof randomOf>): string {
  const letters = [...name];
  let at = random.between(1, letters.length - 1);
  while (!/\p{L}/u.test(letters[at] ?? '') || !/\p{L}/u.test(letters[at - 1] ?? '')) at = at + 1 < letters.length ? at + 1 : 1;
  const other = random.pick([...'abcdefghijklmnopqrstuvwxyz']);
  const edit = random.between(0, 3);
  if (edit === 0) letters.splice(at, 1);
  else if (edit === 1) letters.splice(at, 0, other);
  else if (edit === 2) letters[at] = other;
  else [letters[at - 1], letters[at]] = [letters[at] ?? '', letters[at - 1] ?? ''];
  return letters.join('');
}

function under(value: number, bound: number, unit: string): Pick<Row, 'measured' | 'promised' | 'ok'> {
  return { measured: `${value.toFixed(0)} ${unit}`, promised: `≤ ${bound} ${unit}`, ok: value <= bound };
}
