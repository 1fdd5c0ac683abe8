import { eventually } from '@shopfleet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProductShop, type ProductShop } from './product-shop.ts';

let shop: ProductShop;
let manager: { authorization: string };
beforeAll(async () => {
  shop = await openProductShop();
  manager = await shop.token('manager');
});
afterAll(() => shop.close());

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const entry = (sku: string, more: object = {}) => ({
  name: 'Brass Desk Lamp', brand: 'Alderbeck', categoryId: 'cat_lamps', partnerId: 'par_one', variants: [{ sku, name: 'small', price: eur(4_990), weightGrams: 900 }], ...more,
});

describe('a new product', () => {
  it('is in the catalogue of every worker within a second, with no stock, and cart and order are told its prices', async () => {
    await Promise.all([0, 1].map((worker) => shop.call('GET', '/api/products?limit=1', { worker })));
    const created = await shop.call('POST', '/api/products', { headers: manager, body: entry('DESK-1') });
    expect([created.status, created.headers.get('etag')]).toEqual([201, '"v1"']);
    const id = String(created.body['id']);
    expect(created.headers.get('location')).toBe(`/api/products/${id}`);
    await eventually(async () => {
      for (const worker of [0, 1]) expect((await shop.call('GET', '/api/products?limit=1', { worker })).body).toMatchObject({ items: [{ id, inStock: false }] });
    }, { timeoutMs: 1_000 });
    expect(await shop.collections.stock.findOne({ _id: 'DESK-1' })).toMatchObject({ onHand: 0, reserved: 0 });
    expect(await shop.sent('product.created.v1', id)).toMatchObject([{ data: { productId: id, variants: [{ sku: 'DESK-1', price: eur(4_990), active: true }] } }]);
  });

  it.each([
    ['stock', { stock: 5 }], ['status', { status: 'archived' }], ['price', { priceFrom: eur(1) }],
    ['no category', { categoryId: 'cat_none' }], ['no variants', { variants: [] }], ['half a cent', { variants: [{ sku: 'Y', name: '', price: eur(0.5), weightGrams: 1 }] }],
  ])('with %s is refused', async (_what, more) => {
    expect((await shop.call('POST', '/api/products', { headers: manager, body: entry('DESK-2', more) })).status).toBe(400);
  });

  it('moves what is below it on pages that were read before', async () => {
    const names = async (query: string, worker: number) => ((await shop.call('GET', `/api/products?${query}`, { worker })).body['items'] as { name: string }[]).map(({ name }) => name);
    for (const page of [1, 2, 3, 4]) await names(`limit=5&page=${page}`, 1);
    const { status } = await shop.call('POST', '/api/products', { headers: manager, body: { name: 'Above All', brand: 'Fernmill', categoryId: 'cat_garden', partnerId: 'par_two', variants: [{ sku: 'ABOVE-1', price: { amount: 700, currency: 'EUR' }, weightGrams: 1 }] } });
    expect(status).toBe(201);
    await eventually(async () => expect((await names('limit=100', 1))[0]).toBe('Above All'), { timeoutMs: 1_000 });
    expect(await names('limit=5&page=4', 1)).toEqual((await names('limit=100', 1)).slice(15, 20));
  });

  it('may not take a SKU that another product has', async () => {
    const { status, body } = await shop.call('POST', '/api/products', { headers: manager, body: entry('LAMP-S') });
    expect([status, body['code'], body['errors']]).toEqual([409, 'conflict', [{ pointer: '/variants/0/sku', message: 'belongs to another product already' }]]);
    const slug = await shop.call('POST', '/api/products', { headers: manager, body: { ...entry('LAMP-OTHER'), slug: 'alderbeck-table-lamp' } });
    expect([slug.status, slug.body['errors']]).toEqual([409, [{ pointer: '/slug', message: 'belongs to another product already' }]]);
  });
});

describe('a change', () => {
  it('of a price is seen by every worker within a second, and told', async () => {
    const read = async (worker: number) => shop.call('GET', '/api/products/alderbeck-table-lamp', { worker });
    const [first] = await Promise.all([read(0), read(1)]);
    await Promise.all([read(0), read(1)]);
    const change = { variants: [{ sku: 'LAMP-S', price: eur(1_499), compareAt: eur(1_999) }] };
    const changed = await shop.call('PATCH', '/api/products/prd_lamp', { headers: { ...manager, 'if-match': first.headers.get('etag') ?? '' }, body: change });
    const began = Date.now();
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"v2"']);
    await eventually(async () => {
      for (const worker of [0, 1]) expect((await read(worker)).body).toMatchObject({ priceFrom: eur(1_499), version: 2 });
    }, { timeoutMs: 1_000, intervalMs: 5 });
    expect(Date.now() - began).toBeLessThan(1_000);
    expect(await shop.sent('product.price-changed.v1', 'prd_lamp')).toMatchObject([{ data: { sku: 'LAMP-S', old: eur(1_999), new: eur(1_499), version: 2 } }]);
    expect(await shop.sent('audit.recorded.v1', 'prd_lamp')).toMatchObject([
      { data: { actor: { roles: ['manager'] }, action: 'product.price-change', target: 'LAMP-S', difference: { price: { old: eur(1_999), new: eur(1_499) } } } },
    ]);
    expect(await shop.sent('product.updated.v1', 'prd_lamp')).toMatchObject([{ data: { changed: ['variants'], version: 2 } }]);
  });

  it('needs If-Match, and the version that is there', async () => {
    const patch = (headers: Record<string, string>) => shop.call('PATCH', '/api/products/prd_mug1', { headers: { ...manager, ...headers }, body: { name: 'Mug' } });
    expect((await patch({})).status).toBe(428);
    expect((await patch({ 'if-match': '"v7"' })).status).toBe(412);
    const both = await Promise.all([patch({ 'if-match': '"v1"' }), patch({ 'if-match': '"v1"' })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  it('that changes nothing is no new version', async () => {
    const { headers } = await shop.call('PATCH', '/api/products/prd_mug2', { headers: { ...manager, 'if-match': '"v1"' }, body: { name: 'Fernmill Mug 2' } });
    expect(headers.get('etag')).toBe('"v1"');
  });
});

describe('a draft', () => {
  it('is read by its owner alone, with the tag that a change needs, until it is for sale', async () => {
    const partner = await shop.token('partner-owner', { partnerId: 'par_two' });
    const { partnerId: _left, ...own } = entry('DRAFT-1', { status: 'draft' });
    const id = String((await shop.call('POST', '/api/products', { headers: partner, body: own })).body['id']);
    expect((await shop.call('GET', `/api/products/${id}`)).status).toBe(404);
    const record = await shop.call('GET', `/api/products/${id}/record`, { headers: partner });
    expect([record.status, record.headers.get('etag'), record.headers.get('cache-control')]).toEqual([200, '"v1"', 'private, no-store']);
    expect(record.body).toMatchObject({ status: 'draft', variants: [{ sku: 'DRAFT-1', active: true }] });
    expect((await shop.call('GET', `/api/products/${id}/record`, { headers: await shop.token('partner-owner', { partnerId: 'par_one' }) })).status).toBe(404);
    expect((await shop.call('GET', `/api/products/${id}/record`)).status).toBe(401);
    await shop.call('PATCH', `/api/products/${id}`, { headers: { ...partner, 'if-match': '"v1"' }, body: { status: 'active' } });
    expect((await shop.call('GET', `/api/products/${id}`)).status).toBe(200);
    // Many clients name a type with every request.
    const remove = (version: number) => shop.call('DELETE', `/api/products/${id}/variants/DRAFT-1`, { headers: { ...partner, 'if-match': `"v${version}"`, 'content-type': 'application/json' } });
    expect((await remove(2)).body).toMatchObject({ status: 400, errors: [{ pointer: '/variants', message: expect.stringContaining('at least one stays for sale') as string }] });
    await shop.call('PATCH', `/api/products/${id}`, { headers: { ...partner, 'if-match': '"v2"' }, body: { status: 'draft' } });
    expect((await remove(3)).status).toBe(200);
    expect((await shop.call('GET', `/api/products/${id}/record`, { headers: partner })).body).toMatchObject({ version: 4, variants: [{ sku: 'DRAFT-1', active: false }] });
  });
});

it('a product that is taken out is gone from list and detail, and its SKUs are told', async () => {
  await shop.call('GET', '/api/products/prd_mug3', { worker: 1 });
  expect((await shop.call('DELETE', '/api/products/prd_mug3', { headers: manager })).status).toBe(428);
  expect((await shop.call('DELETE', '/api/products/prd_mug3', { headers: { ...manager, 'if-match': '"v1"' } })).status).toBe(204);
  await eventually(async () => expect((await shop.call('GET', '/api/products/prd_mug3', { worker: 1 })).status).toBe(404), { timeoutMs: 1_000 });
  expect(await shop.sent('product.deleted.v1', 'prd_mug3')).toMatchObject([{ data: { skus: ['MUG-3'], version: 2 } }]);
});

describe('a partner', () => {
  it('changes their own products and does not see others', async () => {
    const partner = await shop.token('partner-owner', { partnerId: 'par_two' });
    const patch = (id: string) => shop.call('PATCH', `/api/products/${id}`, { headers: { ...partner, 'if-match': '"v1"' }, body: { description: 'Mine.' } });
    expect((await patch('prd_mug4')).status).toBe(200);
    expect((await patch('prd_cup')).status).toBe(404);
    const foreign = await shop.call('POST', '/api/products', { headers: partner, body: entry('DESK-3') });
    expect(foreign.status).toBe(403);
    const { partnerId: _left, ...own } = entry('DESK-4');
    expect((await shop.call('POST', '/api/products', { headers: partner, body: own })).body).toMatchObject({ partnerId: 'par_two' });
  });

  it.each(['customer', 'employee'] as const)('%s may not write', async (role) => {
    expect((await shop.call('POST', '/api/products', { headers: await shop.token(role), body: entry('DESK-5') })).status).toBe(403);
  });
});

describe('the shop as a whole', () => {
  it('documents itself and says who is missing', async () => {
    const { body } = await shop.call('GET', '/api/openapi.json');
    expect(body).toMatchObject({ openapi: '3.1.0', info: { description: expect.stringContaining('orders') as string } });
    const own = await shop.call('GET', '/api/products/openapi.json');
    expect(Object.keys(own.body['paths'] as object)).toEqual(expect.arrayContaining(['/api/products', '/api/products/{id}', '/api/categories', '/api/inventory/{sku}']));
  });

  it('shows its documentation under a policy that lets it run from here alone', async () => {
    const page = await shop.call('GET', '/api/docs');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const sources = [...String(page.body['text']).matchAll(/(?:src|href)="(?<path>[^"]+)"/gu)].map(({ groups }) => groups?.['path'] ?? '');
    expect(sources.length).toBeGreaterThan(3);
    for (const path of sources) expect([path, (await shop.call('GET', path)).status]).toEqual([path, 200]);
    expect((await shop.call('GET', '/api/docs/package.json')).status).toBe(404);
  });

  it('tells which services are away', async () => {
    const { status, body } = await shop.call('GET', '/shop/ready');
    expect([status, body['success']]).toEqual([503, false]);
    expect((await shop.call('GET', '/shop/health')).body).toMatchObject({ success: false, environment: 'test', services: { orders: 'away' } });
  });
});
