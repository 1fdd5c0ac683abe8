import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProductSearch } from '../src/search/product-search.ts';
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
    expect((await list('?limit=1&fields=id')).items).toEqual([{ id: 'prd_lamp' }]);
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

  it('counts anew in how many products a word stands', async () => {
    const counts = async () => Object.fromEntries((await shop.collections.searchWords.find({ _id: { $in: ['mug', 'alderbeck'] } }).toArray()).map(({ _id, count }) => [_id, count]));
    await shop.collections.searchWords.updateMany({}, { $set: { count: 7 } });
    await shop.workers[0]?.app.get(ProductSearch, { strict: false }).refresh();
    expect(await counts()).toEqual({ mug: 40, alderbeck: 1 });
  });

  it('finds names in other scripts', async () => {
    expect(await first('湯のみ')).toBe('prd_cup');
  });

  it.each(['"""', '-', '(b+)+$', '%00', '🦤', 'x'.repeat(200)])('of %s finds nothing, and is no error', async (text) => {
    expect((await list(`?q=${encodeURIComponent(text)}`)).items).toEqual([]);
  });
});
