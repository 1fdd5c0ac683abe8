import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { decodesAtOnce } from '@shopfleet/images';
import { Jobs } from '@shopfleet/jobs';
import { eventually, startWorker, type Worker } from '@shopfleet/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { formOf, variant } from './image-uploads.ts';
import { openProductShop, type Answer, type ProductShop } from './product-shop.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const ROOM = 6;

let shop: ProductShop;
let employee: { authorization: string };
const workers: Worker[] = [];
beforeAll(async () => {
  execFileSync('npx', ['tsc', '-b', 'apps/product'], { cwd: root });
  shop = await openProductShop({ IMAGES_QUEUE_MAX: String(ROOM) });
  employee = await shop.token('employee');
  // The workers of this process take uploads, and leave the work to those that are started and killed here.
  for (const { app } of shop.workers) await app.get(Jobs, { strict: false }).drain();
});
afterAll(async () => {
  for (const worker of workers) await worker.kill();
  await shop.close();
});

const start = async (): Promise<Worker> => {
  const { PORT: _port, ...variables } = shop.variables;
  const worker = await startWorker(`${root}/apps/product/dist/main.js`, variables, { readyTimeoutMs: 120_000 });
  workers.push(worker);
  return worker;
};
const upload = (product: string, text: string): Promise<Answer> => shop.call('POST', `/api/products/${product}/images`, { headers: employee, body: formOf(variant(text)) });
const inState = (state: 'queued' | 'processing' | 'done'): Promise<number> => shop.collections.imageJobs.countDocuments({ state });

it('a queue past its bound tells the next to come back', async () => {
  for (let index = 0; index < ROOM; index += 1) expect((await upload(`prd_mug${index}`, 'full')).status).toBe(202);
  const refused = await upload('prd_mug20', 'full');
  expect([refused.status, refused.body['code'], refused.headers.get('retry-after')]).toEqual([503, 'dependency-unavailable', '10']);
  expect(await shop.collections.imageJobs.countDocuments({ productId: 'prd_mug20' })).toBe(0);
});

it('the picture of a killed worker is finished by another, and told of once', async () => {
  const first = await start();
  await eventually(async () => expect(await inState('processing')).toBeGreaterThan(0), { timeoutMs: 30_000, intervalMs: 2 });
  await first.kill();
  const left = await shop.collections.imageJobs.find({ state: 'processing' }).toArray();
  expect(left.length).toBeGreaterThan(0);
  await start();
  await eventually(async () => expect(await inState('done')).toBe(ROOM), { timeoutMs: 120_000 });
  for (let index = 0; index < ROOM; index += 1) {
    expect(await shop.sent('image.processed.v1', `prd_mug${index}`)).toHaveLength(1);
    expect((await shop.collections.products.findOne({ _id: `prd_mug${index}` }))?.images).toHaveLength(1);
  }
  expect(await shop.sent('image.failed.v1', String(left[0]?.productId))).toEqual([]);
}, 300_000);

it('no more are decoded at once than one core less than there are, over all workers', async () => {
  await start();
  const products = Array.from({ length: 4 }, (_, index) => `prd_mug${index}`);
  // Another picture each, so that each is decoded.
  for (const product of products) expect((await upload(product, `bound of ${product}`)).status).toBe(202);
  let most = 0;
  await eventually(async () => {
    most = Math.max(most, await inState('processing'));
    expect(await inState('done')).toBe(ROOM + products.length);
  }, { timeoutMs: 120_000, intervalMs: 2 });
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(decodesAtOnce());
}, 300_000);
