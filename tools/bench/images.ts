import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { MongoClient } from 'mongodb';
import { Agent, request } from 'undici';
import { picturesDone, type BenchOptions, type BenchShop } from './bench-shop.ts';
import type { UploadOrder } from './image-uploads.thread.ts';
import { openLoop, timed } from './open-loop.ts';
import { percentile, type Row } from './table.ts';

const pictures = 200;
const requestsPerSecond = 100;
const idleSeconds = 20;

interface Job {
  readonly _id: string;
  readonly state: string;
  readonly updatedAt: Date;
}

/**
 * What shoppers notice of two hundred pictures: the same open loop of requests before, while and after they are uploaded
 * and their renditions made. All in one run on one machine, which the load generator, the databases and nginx share.
 */
export async function benchImages(shop: BenchShop, _options: BenchOptions): Promise<Row[]> {
  const uri = shop.environmentOf('product-service')['MONGODB_URI'] ?? '';
  const client = await MongoClient.connect(uri);
  const dispatcher = new Agent({ connect: { ca: shop.ca }, connections: 64 });
  try {
    const jobs = client.db().collection<Job>('image_jobs');
    const products = await client.db().collection<{ _id: string; slug: string }>('products').find({ status: 'active' }, { projection: { slug: 1 } }).limit(500).toArray();
    const token = await login(shop, dispatcher);
    // Pages that the edge does not hold all at once, products, and a route that no cache answers.
    const paths = (i: number): string => [`/api/products?page=${1 + (i % 40)}&limit=20`, `/api/products/${products[i % products.length]?.slug ?? ''}`, '/api/cart', `/api/search/suggest?q=${'abcdefghiklmnoprstw'[i % 19] ?? 'a'}`][i % 4] ?? '/api/products';
    const browse = (i: number): Promise<number> => timed(dispatcher, `${shop.url}${paths(i)}`);

    await openLoop(requestsPerSecond, 5, browse);
    const before = await openLoop(requestsPerSecond, idleSeconds, browse);
    const busy: number[] = [];
    let done = false;
    const begun = performance.now();
    const loop = (async () => {
      while (!done) busy.push(...(await openLoop(requestsPerSecond, 1, browse)));
    })();
    try {
      await uploadAll(shop, token, products.map(({ _id }) => _id));
      await picturesDone(uri, 400);
    } finally {
      done = true;
      await loop;
    }
    const seconds = (performance.now() - begun) / 1_000;
    const failed = await jobs.countDocuments({ state: 'failed', updatedAt: { $gt: new Date(Date.now() - seconds * 1_000) } });
    if (failed > 0) throw new Error(`${failed} pictures failed`);
    const after = await openLoop(requestsPerSecond, idleSeconds, browse);

    const idle = percentile([...before, ...after], 0.99);
    const ratio = percentile(busy, 0.99) / idle;
    console.log(`  p99 idle before ${percentile(before, 0.99).toFixed(1)} ms, after ${percentile(after, 0.99).toFixed(1)} ms; busy ${percentile(busy, 0.99).toFixed(1)} ms over ${busy.length} requests`);
    return [
      { what: `images: ${pictures} pictures of 3 megapixels uploaded and done`, measured: `${(pictures / seconds).toFixed(1)}/s` },
      { what: `images: p50 and p99 of ${requestsPerSecond} other requests/s, idle (before and after)`, measured: `${percentile([...before, ...after], 0.5).toFixed(1)} and ${idle.toFixed(1)} ms` },
      { what: 'images: p50 and p99 meanwhile', measured: `${percentile(busy, 0.5).toFixed(1)} and ${percentile(busy, 0.99).toFixed(1)} ms` },
      { what: 'images: p99 beside idle', measured: `${ratio.toFixed(2)} ×`, promised: '≤ 1.5 ×', ok: ratio <= 1.5 },
    ];
  } finally {
    await dispatcher.close();
    await client.close();
  }
}

// A thread of its own: whoever sends megabytes cannot say at the same time how long others wait.
async function uploadAll(shop: BenchShop, token: string, productIds: readonly string[]): Promise<void> {
  const order: UploadOrder = { url: shop.url, ca: shop.ca, token, productIds, pictures };
  const [code] = (await once(new Worker(new URL('./image-uploads.thread.ts', import.meta.url), { workerData: order }), 'exit')) as [number];
  if (code !== 0) throw new Error('the uploads failed');
}

async function login(shop: BenchShop, dispatcher: Agent): Promise<string> {
  const { statusCode, body } = await request(`${shop.url}/api/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: 'admin@example.com', password: 'shopfleet-demo' }), dispatcher });
  const answer = (await body.json()) as { accessToken: string };
  if (statusCode !== 200) throw new Error(`the login answered ${statusCode}`);
  return answer.accessToken;
}
