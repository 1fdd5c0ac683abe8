import { eventually, killServer, restartServer } from '@shopfleet/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openProductShop, type Answer, type ProductShop } from './product-shop.ts';

let shop: ProductShop;
let killed = false;
beforeAll(async () => {
  shop = await openProductShop();
});
afterEach(async () => {
  if (killed) await restartServer('redis-cache');
  killed = false;
});
afterAll(() => shop.close());

const pages = [
  '/api/products?limit=7', '/api/products?limit=5&page=2&sort=price', '/api/products/alderbeck-table-lamp', '/api/products?q=lamp', '/api/products?category=home&facets=brand', '/api/categories',
  '/api/deals', '/api/search/suggest?q=la', '/api/recommendations', '/api/products/prd_lamp/related', '/api/products/prd_lamp/reviews',
];
const read = (path: string, worker: number): Promise<Answer> => shop.call('GET', path, { worker });
const tierOf = ({ headers }: Answer): string | null => headers.get('x-cache');

it('browsing goes on when redis-cache is killed, changes are seen, and the shared tier is used again when it is back', async () => {
  const before = await Promise.all(pages.map((path) => read(path, 0)));
  expect(before.map(({ status }) => status)).toEqual(pages.map(() => 200));
  await killServer('redis-cache');
  killed = true;

  // The second worker has none of it in memory, and nobody to ask but the database.
  for (const [i, path] of pages.entries()) {
    const answer = await read(path, 1);
    expect([path, answer.status, tierOf(answer)]).toEqual([path, 200, 'MISS']);
    expect([path, answer.body]).toEqual([path, before[i]?.body]);
    await eventually(async () => expect(tierOf(await read(path, 1))).toBe('L1'));
  }
  expect((await read('/ready', 1)).status).toBe(200);
  expect((await read('/api/products/no-such-thing', 1)).status).toBe(404);

  // Nobody can tell the other worker of a change: its memory is short instead.
  const manager = await shop.token('manager');
  const { headers } = await shop.call('GET', '/api/products/prd_lamp/record', { headers: manager });
  const renamed = await shop.call('PATCH', '/api/products/prd_lamp', { headers: { ...manager, 'if-match': headers.get('etag') ?? '' }, body: { name: 'Lamp without a cache' } });
  expect(renamed.status).toBe(200);
  for (const worker of [0, 1]) await eventually(async () => expect((await read('/api/products/prd_lamp', worker)).body).toMatchObject({ name: 'Lamp without a cache' }));

  await restartServer('redis-cache');
  killed = false;
  let round = 0;
  await eventually(async () => {
    round += 1;
    const path = `/api/products?limit=3&maxPrice=${100_000 + round}`;
    expect(tierOf(await read(path, 0))).toBe('MISS');
    await eventually(async () => expect(tierOf(await read(path, 1))).toBe('L2'), { timeoutMs: 500 });
  }, { timeoutMs: 20_000 });
  expect((await read('/api/products/prd_lamp', 1)).body).toMatchObject({ name: 'Lamp without a cache' });
});
