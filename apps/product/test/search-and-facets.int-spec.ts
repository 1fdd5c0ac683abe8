import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProductShop, type ProductShop } from './product-shop.ts';

let shop: ProductShop;
beforeAll(async () => {
  shop = await openProductShop();
});
afterAll(() => shop.close());

interface List {
  items: { id: string }[];
}
const list = async (query = '', path = '/api/products'): Promise<List> => {
  const { status, body } = await shop.call('GET', `${path}${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body as unknown as List;
};

describe('projection', () => {
  it('shows what was asked for, and the id', async () => {
    expect((await list('?limit=1&fields=name,priceFrom')).items).toEqual([{ id: 'prd_lamp', name: 'Alderbeck Nova Table Lamp', priceFrom: { amount: 1_999, currency: 'EUR' } }]);
    expect((await shop.call('GET', '/api/products/prd_lamp?fields=description')).body).toEqual({ id: 'prd_lamp', description: 'A sturdy lamp of oak.' });
    expect((await shop.call('GET', '/api/products?fields=search')).status).toBe(400);
  });
});

describe('facets', () => {
  const facets = async (query: string) => (await list(query) as unknown as { facets: Record<string, { value: string; count: number }[]> }).facets;
  const counts = (values: { value: string; count: number }[] | undefined) => Object.fromEntries((values ?? []).map(({ value, count }) => [value, count]));

  it('count brands, categories, prices, ratings and what is in stock', async () => {
    const all = await facets('?facets=brand,category,price,rating,inStock');
    expect(all['brand']).toEqual([{ value: 'fernmill', label: 'Fernmill', count: 40 }, { value: 'alderbeck', label: 'Alderbeck', count: 1 }, { value: 'larchmere', label: 'Larchmere', count: 1 }]);
    expect(counts(all['category'])).toEqual({ home: 1, garden: 41 });
    expect(all['price']).toMatchObject([{ value: '0-999', min: { amount: 0, currency: 'EUR' }, max: { amount: 999, currency: 'EUR' }, count: 40 }, { value: '1000-2499', count: 1 }]);
    expect(counts(all['rating'])).toEqual({ 4: 42, 3: 42, 2: 42, 1: 42 });
    expect(counts(all['inStock'])).toEqual({ true: 41, false: 1 });
    expect((await facets('?facets=price&currency=JPY'))['price']).toMatchObject([{ min: { amount: 1_000, currency: 'JPY' }, max: { amount: 2_499 }, count: 1 }]);
  });

  it('are narrowed by other filters and not by their own', async () => {
    expect(counts((await facets('?brand=alderbeck&facets=brand'))['brand'])).toEqual({ fernmill: 40, alderbeck: 1, larchmere: 1 });
    expect(counts((await facets('?brand=larchmere&facets=inStock,category'))['inStock'])).toEqual({ false: 1 });
    expect(counts((await facets('?category=home&facets=category'))['category'])).toEqual({ 'home-lighting': 1 });
  });

  it('of a search count what was found, attributes too', async () => {
    const found = await facets('?q=clay&facets=brand,attr.colour');
    expect(counts(found['brand'])).toEqual({ fernmill: 40, larchmere: 1 });
    expect(counts(found['attr.colour'])).toEqual({ black: 41 });
    expect(counts((await facets('?q=clay&brand=larchmere&facets=brand'))['brand'])).toEqual({ fernmill: 40, larchmere: 1 });
  });

  it('of attributes need a category, a brand or a search', async () => {
    expect((await shop.call('GET', '/api/products?facets=attr.colour')).status).toBe(400);
    expect(counts((await facets('?category=garden&facets=attr.colour'))['attr.colour'])).toEqual({ black: 41 });
  });
});

describe('the search', () => {
  const first = async (text: string) => (await list(`?q=${encodeURIComponent(text)}`)).items[0]?.id;

  it.each([
    ['the name', 'alderbeck nova table lamp'], ['a letter less', 'aldrbeck'], ['a letter more', 'alderrbeck lamp'], ['another letter', 'aldetbeck'], ['two swapped', 'aldrebeck tabel lamp'],
    ['the beginning of a word', 'alderb'], ['the brand and the category', 'alderbeck lighting'], ['a word of the description', 'oak'], ['a missing space', 'tablelamp'], ['a space too many', 'alder beck'],
    ['plurals and capitals', 'TABLE LAMPS'], ['a word that nothing has', 'xyzzyq lamp'],
  ])('finds a product by %s', async (_what, text) => {
    expect(await first(text)).toBe('prd_lamp');
  });

  it('finds names in other scripts', async () => {
    expect(await first('湯のみ')).toBe('prd_cup');
  });

  it.each(['"""', '-', '(b+)+$', '%00', '🦤', 'x'.repeat(200)])('of %s finds nothing, and is no error', async (text) => {
    expect((await list(`?q=${encodeURIComponent(text)}`)).items).toEqual([]);
  });
});

describe('every query of the catalogue', () => {
  const sorts = ['', '-createdAt', 'createdAt', 'price', '-price', '-rating', '-popularity'];
  const filters = [
    '', 'category=garden', 'brand=fernmill', 'category=garden&brand=fernmill', 'minPrice=500&maxPrice=900', 'category=garden&minPrice=500', 'inStock=true&currency=EUR',
    'rating=4', 'attr.colour=black', 'attr.colour=black,red&category=garden', 'brand=fernmill&rating=3&inStock=true',
  ];
  const others = [
    '/api/recommendations?limit=3', '/api/recommendations?productId=prd_mug7', '/api/search/suggest?q=fern', '/api/products/prd_mug7/reviews', '/api/products/prd_mug7/related', '/api/products/fernmill-mug-7',
    '/api/categories', '/api/deals', '/api/products?q=fernmil%20mug', '/api/products?q=mug&brand=fernmill&facets=brand,category,price,rating,inStock,attr.colour',
    '/api/products?facets=brand,category,price,rating,inStock&limit=7', '/api/products?category=garden&facets=brand,category,price,rating,inStock,attr.colour', '/api/products?brand=fernmill&facets=brand,category,price',
  ];

  it('uses an index, and sorts in memory only what is bounded', async () => {
    const db = shop.collections.products.db;
    await db.command({ profile: 2 });
    try {
      for (const sort of sorts) for (const filter of filters) await list(`?limit=7&${[filter, sort && `sort=${sort}`].filter((part) => part !== '').join('&')}`);
      for (const path of others) expect([path, (await shop.call('GET', path)).status]).toEqual([path, 200]);
    } finally {
      await db.command({ profile: 0 });
    }
    const names = ['products', 'reviews', 'categories', 'deals', 'pairs', 'search_words'].map((name) => `${db.databaseName}.${name}`);
    const profiled = await db.collection<Document>('system.profile').find({ ns: { $in: names }, op: { $in: ['query', 'command', 'getmore'] } }).toArray();
    expect(profiled.length).toBeGreaterThan(sorts.length * filters.length);
    const plans = profiled.map(({ ns, planSummary, hasSortStage, command }) => ({ ns: String(ns), planSummary: String(planSummary), hasSortStage: hasSortStage === true, command: JSON.stringify(command) }));
    // Relevance is sorted after a $limit: at most MAX_RANKED ids with their scores.
    const bounded = (command: string): boolean => /"\$limit":\d+.*"\$sort":\{"score"/u.test(command);
    expect(plans.filter(({ planSummary, hasSortStage, command }) => planSummary.includes('COLLSCAN') || (hasSortStage && !bounded(command)))).toEqual([]);
  });
});
