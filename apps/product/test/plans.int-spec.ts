import { outboxIndexes } from '@shopfleet/outbox';
import { eventually } from '@shopfleet/testing';
import { decodeJwt } from 'jose';
import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CatalogueJobs } from '../src/catalogue/catalogue-jobs.ts';
import { indexes } from '../src/indexes.ts';
import { HoldExpirySweeper } from '../src/inventory/hold-expiry.sweeper.ts';
import { ProductSearch } from '../src/search/product-search.ts';
import { openProductShop, orderEvents, type ProductShop } from './product-shop.ts';

let shop: ProductShop;
beforeAll(async () => {
  shop = await openProductShop();
});
afterAll(() => shop.close());

interface Plan {
  readonly ns: string;
  readonly op: string;
  readonly planSummary: string;
  readonly command: string;
  readonly keys: number;
}

// The outbox is the library's, which has a test of its own.
const foreign = new Set<string>(outboxIndexes.map(({ collection }) => collection));
const own = [...new Set<string>(indexes.map(({ collection }) => collection))].filter((collection) => !foreign.has(collection));

/** What the server did for the service's collections while `work` ran, as its profiler saw it. */
async function plansOf(work: () => Promise<void>): Promise<{ all: Plan[]; bad: Plan[] }> {
  const { db } = shop.collections.products;
  await db.command({ profile: 0 });
  await db.collection('system.profile').drop();
  await db.command({ profile: 2 });
  try {
    await work();
  } finally {
    await db.command({ profile: 0 });
  }
  const profiled = await db.collection<Document>('system.profile').find({ ns: { $in: own.map((name) => `${db.databaseName}.${name}`) }, planSummary: { $exists: true } }).toArray();
  const all = profiled.map(({ ns, op, planSummary, hasSortStage, command, keysExamined }) => ({ ns: String(ns), op: String(op), planSummary: String(planSummary), sorts: hasSortStage === true, command: JSON.stringify(command), keys: Number(keysExamined) }));
  // Relevance is sorted after a $limit: at most MAX_RANKED ids with their scores.
  const bounded = (command: string): boolean => Number(/"\$limit":(?<most>\d+)\},\{"\$project":\{"score".*"\$sort":\{"score"/u.exec(command)?.groups?.['most'] ?? Infinity) <= 2_000;
  return { all, bad: all.filter(({ planSummary, sorts, command }) => planSummary.includes('COLLSCAN') || (sorts && !bounded(command))) };
}

const ok = async (method: string, path: string, options?: Parameters<ProductShop['call']>[2]) => {
  const answer = await shop.call(method, path, options);
  expect([method, path, answer.status < 300 ? 'ok' : JSON.stringify(answer.body)]).toEqual([method, path, 'ok']);
  return answer;
};

describe('an index serves, and memory sorts only what is bounded, in', () => {
  it('every list, filter, facet and page that shoppers read', async () => {
    const sorts = ['', '-createdAt', 'createdAt', 'price', '-price', '-rating', '-popularity'];
    const filters = [
      '', 'category=garden', 'brand=fernmill', 'category=garden&brand=fernmill', 'minPrice=500&maxPrice=900', 'category=garden&minPrice=500', 'inStock=true&currency=EUR',
      'rating=4', 'attr.colour=black', 'attr.colour=black,red&category=garden', 'brand=fernmill&rating=3&inStock=true',
    ];
    const facets = filters.map((filter) => `/api/products?limit=7&facets=brand,category,price,rating,inStock${filter === '' ? '' : `&${filter}`}`);
    const others = [
      '/api/recommendations?limit=3', '/api/recommendations?productId=prd_mug7', '/api/search/suggest?q=fern', '/api/products/prd_mug7/reviews', '/api/products/prd_mug7/related', '/api/products/fernmill-mug-7',
      '/api/categories', '/api/deals', '/api/products?q=fernmil%20mug', '/api/products?q=fernmill%20lamp', '/api/products?q=mug&brand=fernmill&facets=brand,category,price,rating,inStock,attr.colour',
      '/api/products?category=garden&facets=attr.colour', '/api/products?brand=fernmill&facets=attr.colour',
    ];
    const { all, bad } = await plansOf(async () => {
      for (const sort of sorts) for (const filter of filters) await ok('GET', `/api/products?limit=7&${[filter, sort && `sort=${sort}`].filter((part) => part !== '').join('&')}`);
      for (const path of [...facets, ...others]) await ok('GET', path);
      for (const sort of sorts) {
        const { body } = await ok('GET', `/api/products?limit=6&sort=${sort === '' ? '-createdAt' : sort}`);
        await ok('GET', `/api/products?limit=6&sort=${sort === '' ? '-createdAt' : sort}&cursor=${String((body['pagination'] as { next: string }).next)}`);
      }
    });
    expect(all.length).toBeGreaterThan(sorts.length * filters.length);
    expect(bad).toEqual([]);
  });

  it('a page by number, which goes on from where one before it was read and costs no more than that', async () => {
    const { all, bad } = await plansOf(async () => {
      for (const sort of ['-createdAt', 'createdAt', 'price', '-price', '-popularity']) for (let page = 1; page <= 4; page += 1) await ok('GET', `/api/products?limit=9&page=${page}&sort=${sort}`);
    });
    expect(bad).toEqual([]);
    const finds = all.filter(({ command }) => command.includes('"find":"products"'));
    expect(finds).toHaveLength(5 * 4);
    // The one before the first that is wanted, the nine, and the one behind the last.
    expect(Math.max(...finds.map(({ keys }) => keys))).toBeLessThanOrEqual(11);
  });

  it('the number of products in a range of prices, which goes on from a range near by', async () => {
    const { all, bad } = await plansOf(async () => {
      const totals: unknown[] = [];
      for (const range of ['minPrice=1&maxPrice=99999', 'minPrice=2&maxPrice=99999', 'minPrice=2&maxPrice=99998']) totals.push(((await ok('GET', `/api/products?limit=3&${range}`)).body['pagination'] as { total: number }).total);
      expect(totals[0]).toBeGreaterThan(3);
      expect(new Set(totals).size).toBe(1);
    });
    expect(bad).toEqual([]);
    const counts = all.filter(({ command }) => command.includes('"aggregate":"products"'));
    // Nothing lies between the ends of the second and the third and those of the one before.
    expect(Math.max(...counts.slice(-2).map(({ keys }) => keys))).toBeLessThanOrEqual(1);
  });

  it('everything that staff and partners do', async () => {
    const manager = await shop.token('manager');
    const employee = await shop.token('employee');
    const at = (version: number) => ({ ...manager, 'if-match': `"v${version}"` });
    const price = { amount: 900, currency: 'EUR' };
    const { all, bad } = await plansOf(async () => {
      const { body: made } = await ok('POST', '/api/products', { headers: manager, body: { name: 'Plan', brand: 'Fernmill', categoryId: 'cat_lamps', partnerId: 'par_one', variants: [{ sku: 'PLAN-1', price, weightGrams: 1 }] } });
      const product = `/api/products/${String(made['id'])}`;
      await ok('GET', `${product}/record`, { headers: manager });
      await ok('GET', `/api/products/${String(made['slug'])}/record`, { headers: await shop.token('partner-owner', { partnerId: 'par_one' }) });
      await ok('PATCH', product, { headers: at(1), body: { name: 'Planned', categoryId: 'cat_garden', variants: [{ sku: 'PLAN-1', price: { ...price, amount: 800 } }] } });
      await ok('POST', `${product}/variants`, { headers: at(2), body: { sku: 'PLAN-2', price, weightGrams: 1 } });
      await ok('DELETE', `${product}/variants/PLAN-2`, { headers: at(3) });
      await ok('DELETE', product, { headers: at(4) });
      const { body: category } = await ok('POST', '/api/categories', { headers: manager, body: { name: 'Plans', parentId: 'cat_home' } });
      await ok('PATCH', `/api/categories/${String(category['id'])}`, { headers: at(1), body: { position: 3 } });
      await ok('DELETE', `/api/categories/${String(category['id'])}`, { headers: at(2) });
      const { body: deal } = await ok('POST', '/api/deals', { headers: manager, body: { title: 'Deal', productId: 'prd_lamp', percentOff: 20, startsAt: '2026-01-01T00:00:00Z', endsAt: '2030-01-01T00:00:00Z' } });
      await ok('PATCH', `/api/deals/${String(deal['id'])}`, { headers: at(1), body: { percentOff: 30 } });
      await ok('DELETE', `/api/deals/${String(deal['id'])}`, { headers: at(2) });
      await ok('PATCH', '/api/inventory/LAMP-S', { headers: { ...employee, 'idempotency-key': 'plans' }, body: { change: 1, reason: 'found' } });
      await ok('GET', '/api/inventory/LAMP-S', { headers: employee });
      await ok('GET', '/api/inventory/LAMP-S/movements?limit=1', { headers: employee });
      for (const headers of [manager, await shop.token('partner-owner', { partnerId: 'par_two' })]) {
        const text = await (await fetch(`${shop.urls[0]}/api/products/export`, { headers })).text();
        const answer = await fetch(`${shop.urls[0]}/api/products/import`, { method: 'POST', headers: { ...headers, 'content-type': 'application/x-ndjson' }, body: text.replace('A mug of clay.', 'Changed.') });
        expect(await answer.text()).toContain('"updated":1');
      }
    });
    expect([...new Set(all.map(({ op }) => op))]).toEqual(expect.arrayContaining(['query', 'update', 'remove']));
    expect(bad).toEqual([]);
  });

  it('what orders and background work do', async () => {
    const customer = await shop.token('customer');
    const userId = decodeJwt(customer.authorization.slice('Bearer '.length)).sub ?? '';
    const jobs = shop.workers[0]?.app.get(CatalogueJobs, { strict: false });
    const [paid, late] = [orderEvents({ 'MUG-1': 1, 'MUG-2': 1 }), orderEvents({ 'MUG-3': 1 })];
    const reaches = (orderId: string, state: string) => eventually(async () => expect((await shop.collections.holds.findOne({ _id: orderId }))?.state).toBe(state), { timeoutMs: 15_000 });
    const { all, bad } = await plansOf(async () => {
      await shop.publish(paid.placed, late.placed);
      await Promise.all([reaches(paid.orderId, 'held'), reaches(late.orderId, 'held')]);
      await shop.publish({ ...paid.paid, data: { ...(paid.paid.data as object), userId } });
      await reaches(paid.orderId, 'committed');
      await shop.collections.holds.updateOne({ _id: late.orderId }, { $set: { expiresAt: new Date(0) } });
      await shop.workers[0]?.app.get(HoldExpirySweeper, { strict: false }).sweep();
      await reaches(late.orderId, 'released');
      await ok('POST', '/api/products/prd_lamp/reviews', { headers: customer, body: { rating: 4, text: 'Bright.', author: 'Ada' } });
      await jobs?.countPairs();
      await shop.workers[0]?.app.get(ProductSearch, { strict: false }).refresh();
      await ok('PATCH', '/api/categories/cat_lamps', { headers: { ...(await shop.token('manager')), 'if-match': `"v${(await shop.collections.categories.findOne({ _id: 'cat_lamps' }))?.version ?? 1}"` }, body: { name: 'Luminaires' } });
      await eventually(async () => expect((await shop.collections.products.findOne({ _id: 'prd_lamp' }))?.search.category).toContain('luminaire'), { timeoutMs: 10_000 });
    });
    expect(all.length).toBeGreaterThan(20);
    expect(bad).toEqual([]);
  });
});
