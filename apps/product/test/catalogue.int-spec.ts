import { gunzipSync } from 'node:zlib';
import { Cache } from '@shopfleet/cache';
import { RedisCacheClient } from '@shopfleet/redis';
import { eventually } from '@shopfleet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CacheWarmer } from '../src/catalogue/cache-warmer.ts';
import { openProductShop, type ProductShop } from './product-shop.ts';

let shop: ProductShop;
beforeAll(async () => {
  shop = await openProductShop();
});
afterAll(() => shop.close());

interface Item {
  id: string;
  slug: string;
  priceFrom: { amount: number; currency: string };
  inStock: boolean;
}
interface List {
  items: Item[];
  pagination: { page: number; limit: number; total: number; pages: number; next: string | null };
}
const list = async (query = '', path = '/api/products'): Promise<List> => {
  const { status, body } = await shop.call('GET', `${path}${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body as unknown as List;
};

describe('the list', () => {
  it('shows the newest first, twenty to a page, and counts them', async () => {
    const { items, pagination } = await list();
    expect(items.slice(0, 3).map(({ id }) => id)).toEqual(['prd_lamp', 'prd_cup', 'prd_mug39']);
    expect(items).toHaveLength(20);
    expect(pagination).toMatchObject({ page: 1, limit: 20, total: 42, pages: 3 });
  });

  it('pages by number and by cursor alike', async () => {
    const second = await list('?page=2&limit=15');
    const byCursor = await list(`?limit=15&cursor=${(await list('?limit=15')).pagination.next}`);
    expect(byCursor.items).toEqual(second.items);
  });

  it.each([['-createdAt', 42], ['createdAt', 42], ['price', 41], ['-price', 41], ['-rating', 42], ['-popularity', 42]])('leads by cursor from end to end, sorted by %s', async (sort, count) => {
    const all: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page: List = await list(`?limit=9&sort=${sort}${cursor === undefined ? '' : `&cursor=${cursor}`}`);
      all.push(...page.items.map(({ id }) => id));
      cursor = page.pagination.next;
    }
    expect(all).toEqual((await list(`?limit=100&sort=${sort}`)).items.map(({ id }) => id));
    expect(all).toHaveLength(count);
  });

  it.each([
    ['-createdAt', ''], ['createdAt', ''], ['price', ''], ['-price', 'minPrice=600&maxPrice=850'], ['-rating', ''], ['-rating', 'rating=4'], ['-popularity', ''], ['-popularity', 'category=garden&inStock=true'],
  ])('leads by number from end to end, sorted by %s with %s', async (sort, filter) => {
    const { items, pagination } = await list(`?limit=100&sort=${sort}&${filter}`);
    const pages = Math.ceil(pagination.total / 4);
    const pageAt = async (page: number) => (await list(`?limit=4&sort=${sort}&${filter}&page=${page}`)).items;
    const read: Item[][] = [];
    for (let page = 1; page <= pages; page += 1) read.push(await pageAt(page));
    expect(read.flat()).toEqual(items);
    // Where other pages begin is known by now; 3 shares no boundary with 4.
    expect((await list(`?limit=3&sort=${sort}&${filter}&page=6`)).items).toEqual(items.slice(15, 18));
  });

  it.each([
    ['?brand=fernmill', 40],
    ['?category=home', 1],
    ['?category=home-lighting-lamps', 1],
    ['?category=garden&brand=larchmere', 1],
    ['?inStock=false', 1],
    ['?inStock=true', 41],
    ['?minPrice=600&maxPrice=690', 10],
    ['?currency=JPY', 1],
    ['?currency=JPY&minPrice=1000', 1],
    ['?rating=4', 42],
    ['?rating=5', 0],
    ['?attr.colour=Black', 42],
    ['?attr.colour=red,black&category=garden', 41],
    ['?attr.colour=red', 0],
    ['?q=lamp', 1],
    ['?q=fernmill%20mug', 40],
    ['?q=-mug%20%22lamp', 41],
    ['?q=clay&category=garden', 41],
    ['?q=clay&maxPrice=590&sort=relevance', 10],
  ])('%s finds %i', async (query, total) => {
    expect((await list(query)).pagination.total).toBe(total);
  });

  it.each([
    ['?sort=price', 'prd_mug0'],
    ['?sort=-price', 'prd_lamp'],
    ['?sort=createdAt', 'prd_mug0'],
    ['?sort=-popularity', 'prd_mug39'],
    ['?sort=-rating', 'prd_mug9'],
    ['?q=table%20lamp', 'prd_lamp'],
    ['?category=garden&sort=-price', 'prd_mug39'],
  ])('%s begins with %s', async (query, first) => {
    expect((await list(query)).items[0]?.id).toBe(first);
  });

  it('compares prices in one currency only', async () => {
    expect((await list('?sort=price&limit=100')).items.every(({ priceFrom }) => priceFrom.currency === 'EUR')).toBe(true);
  });

  it('of a category is the same under the category', async () => {
    expect(await list('?limit=5', '/api/categories/garden/products')).toEqual(await list('?category=garden&limit=5'));
  });

  it.each([
    ['?colour=red', '/colour'], ['?limit=101', '/limit'], ['?limit=0', '/limit'], ['?page=0', '/page'], ['?page=x', '/page'], ['?page=1000&limit=100', '/page'],
    ['?sort=name', '/sort'], ['?inStock=yes', '/inStock'], ['?q[$gt]=', '/q[$gt]'], ['?q=a&q=b', '/q'], ['?minPrice=5&maxPrice=4', '/minPrice'],
    ['?cursor=abc', '/cursor'], ['?sort=relevance', '/sort'], ['?q=a&sort=price', '/sort'], ['?brand=%24ne', '/brand'], ['?currency=XXX', '/currency'],
  ])('%s is refused, naming %s', async (query, pointer) => {
    const { status, body, headers } = await shop.call('GET', `/api/products${query}`);
    expect([status, body['code']]).toEqual([400, 'validation-failed']);
    expect((body['errors'] as { pointer: string }[]).map((error) => error.pointer)).toContain(pointer);
    expect(headers.get('x-accel-expires')).toBeNull();
  });

  it('of a category takes no other category', async () => {
    const { status, body } = await shop.call('GET', '/api/categories/garden/products?category=home');
    expect([status, body['errors']]).toEqual([400, [{ pointer: '/category', message: 'is not known here' }]]);
  });

  it('goes on only in the order that the cursor is of, and not by page and cursor at once', async () => {
    const cursor = String((await list('?limit=3')).pagination.next);
    const pointers = async (query: string) => ((await shop.call('GET', `/api/products?${query}`)).body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(await pointers(`cursor=${cursor}&sort=price`)).toEqual(['/cursor']);
    expect(await pointers(`cursor=${cursor}&page=2`)).toEqual(['/page']);
    expect(await pointers(`cursor=${Buffer.from('["-createdAt","x","y"]').toString('base64url')}`)).toEqual(['/cursor']);
  });

  it('of a category that does not exist is not found', async () => {
    expect((await shop.call('GET', '/api/products?category=nowhere')).status).toBe(404);
  });
});

describe('a product', () => {
  it('is found by id and by slug, with its variants and categories', async () => {
    const byId = await shop.call('GET', '/api/products/prd_lamp');
    const bySlug = await shop.call('GET', '/api/products/alderbeck-table-lamp');
    expect(byId.body).toEqual(bySlug.body);
    expect(byId.body).toMatchObject({
      id: 'prd_lamp', description: 'A sturdy lamp of oak.', categories: [{ slug: 'home' }, { slug: 'home-lighting' }, { slug: 'home-lighting-lamps' }],
      variants: [{ sku: 'LAMP-S', attributes: { colour: 'black' } }, { sku: 'LAMP-L', compareAt: { amount: 3_999, currency: 'EUR' } }],
    });
  });

  it('that does not exist is a problem that says so', async () => {
    const { status, body } = await shop.call('GET', '/api/products/prd_none');
    expect([status, body['code']]).toEqual([404, 'not-found']);
  });

  it.each(['/api/products/prd_lamp?x=1', '/api/products/%7B%22$ne%22:1%7D', '/api/categories?x=1', '/api/deals?x=1'])('%s is refused', async (path) => {
    expect((await shop.call('GET', path)).status).toBe(400);
  });
});

describe('an answer that may be cached', () => {
  it('says for how long, and carries nothing of its first reader', async () => {
    const { headers } = await shop.call('GET', '/api/products?limit=3');
    expect(Object.fromEntries(['cache-control', 'cdn-cache-control', 'surrogate-control', 'x-accel-expires', 'vary'].map((name) => [name, headers.get(name)]))).toEqual({
      'cache-control': 'public, max-age=1, stale-while-revalidate=1', 'cdn-cache-control': 'public, max-age=300', 'surrogate-control': 'max-age=300',
      'x-accel-expires': '1', vary: 'accept-encoding',
    });
    for (const name of ['set-cookie', 'x-request-id', 'ratelimit', 'ratelimit-policy']) expect(headers.get(name)).toBeNull();
  });

  it.each([
    ['/api/products?limit=6', 'product-list', 300],
    ['/api/products/prd_cup', 'product-detail', 300],
    ['/api/deals', 'deals', 600],
    ['/api/recommendations', 'recommendations', 600],
    ['/api/categories', 'categories', 3_600],
  ])('%s lies in Redis (%s) for %d s, and the CDN may keep it as long', async (path, family, seconds) => {
    const redis = new RedisCacheClient(shop.variables['REDIS_CACHE_URL'] ?? '');
    for (const { app } of shop.workers) await app.get(Cache, { strict: false }).invalidate(['*']);
    for (const key of await redis.keys(`cache:product:answer:${family}:*`)) await redis.del(key);
    expect((await shop.call('GET', path)).headers.get('cdn-cache-control')).toBe(`public, max-age=${seconds}`);
    const left = await eventually(async () => {
      const [key = ''] = await redis.keys(`cache:product:answer:${family}:*`);
      const ttl = await redis.ttl(key);
      expect(ttl).toBeGreaterThan(0);
      return ttl;
    });
    // Fresh so long, give or take a tenth, that not all end at once; a minute more to be given while a new one is made.
    expect([left > 0.8 * seconds + 60, left <= 1.1 * seconds + 60]).toEqual([true, true]);
    await redis.onApplicationShutdown();
  });

  it('comes from memory the second time', async () => {
    const tiers = [];
    for (let i = 0; i < 2; i += 1) tiers.push((await shop.call('GET', '/api/products?limit=4')).headers.get('x-cache'));
    expect(tiers).toEqual(['MISS', 'L1']);
  });

  it('is not sent again to whoever has it', async () => {
    const first = await shop.call('GET', '/api/products/prd_lamp');
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"v1-/u);
    for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await shop.call('GET', '/api/products/prd_lamp', { headers: { 'if-none-match': tag } });
      expect([again.status, again.body['text'], again.headers.get('etag')]).toEqual([304, '', etag]);
    }
    expect((await shop.call('GET', '/api/products/prd_lamp', { headers: { 'if-none-match': '"v0-x"' } })).status).toBe(200);
  });

  it('is packed for whoever can unpack it', async () => {
    const { request } = await import('undici');
    const read = async (encoding: string) => {
      const { headers, body } = await request(`${shop.urls[0]}/api/products`, { headers: { 'accept-encoding': encoding } });
      return { encoding: headers['content-encoding'], bytes: Buffer.from(await body.arrayBuffer()) };
    };
    const [packed, plain, refused] = [await read('br, gzip'), await read('identity'), await read('gzip;q=0')];
    expect([packed.encoding, plain.encoding, refused.encoding]).toEqual(['gzip', undefined, undefined]);
    expect(gunzipSync(packed.bytes)).toEqual(plain.bytes);
    expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 3);
  });
});

describe('the ways in', () => {
  it('are a tree of categories', async () => {
    const { body, headers } = await shop.call('GET', '/api/categories');
    expect(body).toMatchObject({ items: [{ slug: 'home', children: [{ slug: 'home-lighting', children: [{ slug: 'home-lighting-lamps', children: [] }] }] }, { slug: 'garden' }] });
    expect(headers.get('cdn-cache-control')).toBe('public, max-age=3600');
  });

  it('are the deals that run now', async () => {
    const deal = (id: string, from: number, to: number) => ({ _id: id, title: id, productId: 'prd_lamp', percentOff: 25, startsAt: new Date(Date.now() + from), endsAt: new Date(Date.now() + to) });
    await shop.collections.deals.insertMany([deal('dea_now', -1_000, 60_000), deal('dea_over', -2_000, -1_000), deal('dea_later', 60_000, 90_000)]);
    await shop.workers[0]?.app.get(Cache, { strict: false }).invalidate(['deals']);
    const { body } = await shop.call('GET', '/api/deals');
    expect(body).toMatchObject({ items: [{ id: 'dea_now', product: { id: 'prd_lamp' } }] });
    expect(body['items']).toHaveLength(1);
  });

  it('are what is popular, and what is related', async () => {
    const ids = async (path: string) => ((await shop.call('GET', path)).body as unknown as List).items.map(({ id }) => id);
    expect(await ids('/api/recommendations?limit=2')).toEqual(['prd_mug39', 'prd_mug38']);
    expect(await ids('/api/products/prd_mug39/related')).not.toContain('prd_mug39');
    expect(await ids('/api/recommendations?productId=prd_mug39&limit=1')).toEqual(['prd_mug38']);
  });

  it('are suggestions, whatever characters are typed', async () => {
    expect((await shop.call('GET', '/api/search/suggest?q=ALDER')).body['items']).toEqual([{ kind: 'product', text: 'Alderbeck Nova Table Lamp', slug: 'alderbeck-table-lamp' }]);
    expect((await shop.call('GET', `/api/search/suggest?q=${encodeURIComponent('table l')}`)).body['items']).toMatchObject([{ kind: 'category', slug: 'home-lighting-lamps' }, { kind: 'product', slug: 'alderbeck-table-lamp' }]);
    expect((await shop.call('GET', '/api/search/suggest?q=aldrbeck')).body['items']).toMatchObject([{ slug: 'alderbeck-table-lamp' }]);
    expect((await shop.call('GET', `/api/search/suggest?q=${encodeURIComponent('(z+)+$.*')}`)).body['items']).toEqual([]);
  });
});

it('a new worker reads beforehand what everybody asks first', async () => {
  const app = shop.workers[1]?.app;
  await app?.get(Cache, { strict: false }).invalidate(['*']);
  await app?.get(CacheWarmer, { strict: false }).warm();
  for (const path of ['/api/products', '/api/products?sort=-popularity', '/api/categories', '/api/deals', '/api/recommendations']) {
    expect([path, (await shop.call('GET', path, { worker: 1 })).headers.get('x-cache')]).toEqual([path, 'L1']);
  }
});
