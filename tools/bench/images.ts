import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { drawPicture } from '@shopfleet/images';
import { MongoClient } from 'mongodb';
import { Agent, FormData, request } from 'undici';
import { picturesDone, type BenchOptions, type BenchShop } from './bench-shop.ts';
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
      await uploadAll(shop, dispatcher, token, products.map(({ _id }) => _id));
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

async function uploadAll(shop: BenchShop, dispatcher: Agent, token: string, productIds: readonly string[]): Promise<void> {
  const drawn = await Promise.all(['#d8b', '#8bd', '#bd8', '#db8'].map((colour) => drawPicture(drawing(colour))));
  for (let index = 0; index < pictures; index += 1) {
    const bytes = withComment(drawn[index % drawn.length] ?? Buffer.alloc(0));
    for (;;) {
      const form = new FormData();
      form.append('file', new Blob([bytes]), 'bench.jpg');
      const { statusCode, headers, body } = await request(`${shop.url}/api/products/${productIds[index % productIds.length]}/images`, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: form, dispatcher });
      const text = await body.text();
      if (statusCode === 202) break;
      if (statusCode !== 503) throw new Error(`an upload answered ${statusCode}: ${text}`);
      await delay(Number(headers['retry-after']) * 1_000);
    }
  }
}

async function login(shop: BenchShop, dispatcher: Agent): Promise<string> {
  const { statusCode, body } = await request(`${shop.url}/api/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: 'admin@example.com', password: 'shopfleet-demo' }), dispatcher });
  const answer = (await body.json()) as { accessToken: string };
  if (statusCode !== 200) throw new Error(`the login answered ${statusCode}`);
  return answer.accessToken;
}

/** A picture of its own each time: a comment in a JPEG changes its hash and no pixel. */
function withComment(jpeg: Buffer): Buffer<ArrayBuffer> {
  const comment = Buffer.from(createHash('sha256').update(randomBytes(16)).digest('hex'));
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xfe, 0, comment.length + 2]), comment, jpeg.subarray(2)]);
}

function drawing(colour: string): string {
  const dots = Array.from({ length: 600 }, (_, dot) => `<circle cx="${(dot * 733) % 2000}" cy="${(dot * 419) % 1500}" r="${10 + ((dot * 37) % 60)}" fill="hsl(${(dot * 47) % 360} 50% ${30 + ((dot * 13) % 50)}%)"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="1500"><rect width="2000" height="1500" fill="${colour}"/>${dots.join('')}</svg>`;
}
