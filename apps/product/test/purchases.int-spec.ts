import { createEvent, exampleOf, orderPaid } from '@shopfleet/contracts';
import { newId } from '@shopfleet/kernel';
import { eventually } from '@shopfleet/testing';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CatalogueJobs } from '../src/catalogue/catalogue-jobs.ts';
import { openProductShop, type ProductShop } from './product-shop.ts';

let shop: ProductShop;
beforeAll(async () => {
  shop = await openProductShop();
});
afterAll(() => shop.close());

/** Tells of a paid order of these mugs, whose stock was held before. */
async function buy(mugs: readonly number[], userId?: string): Promise<string> {
  const orderId = newId('ord');
  const price = { amount: 500, currency: 'EUR' } as const;
  const lines = mugs.map((mug) => ({ sku: `MUG-${mug}`, productId: `prd_mug${mug}`, name: 'Mug', quantity: 1, unitPrice: price, lineTotal: price }));
  const now = new Date();
  await shop.collections.holds.insertOne({ _id: orderId, state: 'held', lines: lines.map(({ sku }) => ({ sku, quantity: 1 })), expiresAt: new Date(now.getTime() + 60_000), createdAt: now });
  for (const { sku } of lines) await shop.collections.stock.updateOne({ _id: sku }, { $inc: { reserved: 1 } });
  const { userId: _user, ...data } = { ...exampleOf(orderPaid).data, orderId, lines };
  const event = createEvent(orderPaid, { source: 'order', subject: orderId, data: { ...data, ...(userId !== undefined && { userId }) } });
  await shop.publish(event, event);
  return orderId;
}
const jobs = () => shop.workers[0]?.app.get(CatalogueJobs, { strict: false });

describe('what is bought together', () => {
  it('is recommended beside it, the most often bought first, each order counted once', async () => {
    const ids = [await buy([1, 2, 3]), await buy([1, 2]), await buy([1, 2]), await buy([1, 3]), await buy([9])];
    await eventually(async () => expect(await shop.collections.baskets.countDocuments({ _id: { $in: ids } })).toBe(4), { timeoutMs: 15_000 });
    await Promise.all([jobs()?.countPairs(), jobs()?.countPairs()]);
    await jobs()?.countPairs();
    expect(await shop.collections.pairs.find({ a: 'prd_mug1' }).sort({ count: -1 }).toArray()).toMatchObject([{ b: 'prd_mug2', count: 3 }, { b: 'prd_mug3', count: 2 }]);
    const { body } = await shop.call('GET', '/api/products/prd_mug1/related');
    expect((body['items'] as { id: string }[]).slice(0, 2).map(({ id }) => id)).toEqual(['prd_mug2', 'prd_mug3']);
    expect(body['items']).toHaveLength(10);
    expect((await shop.call('GET', '/api/recommendations?productId=prd_mug2&limit=1')).body).toMatchObject({ items: [{ id: 'prd_mug1' }] });
  });
});

describe('a review', () => {
  it('is for those who bought it, once, and counts in the rating at once', async () => {
    const customer = await shop.token('customer');
    const userId = decodeJwt(customer.authorization.slice('Bearer '.length)).sub ?? '';
    const review = async (headers = customer) => shop.call('POST', '/api/products/fernmill-mug-5/reviews', { headers, body: { rating: 2, text: '<b>Chips easily.</b>', author: 'Ada' } });
    expect((await review()).status).toBe(403);
    await buy([5, 6], userId);
    await eventually(async () => expect((await review()).status).toBe(201), { timeoutMs: 15_000 });
    expect((await review()).status).toBe(409);
    await eventually(async () => {
      for (const worker of [0, 1]) {
        expect((await shop.call('GET', '/api/products/prd_mug5/reviews', { worker })).body).toMatchObject({ items: [{ author: 'Ada', rating: 2, text: '<b>Chips easily.</b>' }] });
        expect((await shop.call('GET', '/api/products/prd_mug5', { worker })).body).toMatchObject({ rating: { average: 2, count: 1 } });
      }
    }, { timeoutMs: 1_000 });
    expect(await shop.sent('review.created.v1', 'prd_mug5')).toHaveLength(1);
    expect((await shop.call('POST', '/api/products/prd_mug5/reviews', { body: { rating: 5, text: 'x' } })).status).toBe(401);
    expect((await shop.call('POST', '/api/products/prd_mug5/reviews', { headers: customer, body: { rating: 6, text: 'x' } })).status).toBe(400);
  });
});

describe('categories', () => {
  it('are entered on three levels, renamed, found by the new name, and removed when empty', async () => {
    const headers = await shop.token('manager');
    const create = (body: object) => shop.call('POST', '/api/categories', { headers, body });
    const root = await create({ name: 'Workshop' });
    expect([root.status, root.body['slug'], root.headers.get('etag')]).toEqual([201, 'workshop', '"v1"']);
    const vices = await create({ name: 'Vices', parentId: root.body['id'] });
    const small = await create({ name: 'Small Vices', parentId: vices.body['id'] });
    expect(small.body).toMatchObject({ slug: 'workshop-vices-small-vices', level: 3 });
    expect((await create({ name: 'Too deep', parentId: small.body['id'] })).status).toBe(400);
    expect((await create({ name: 'Workshop' })).status).toBe(409);
    const remove = (id: unknown, version: number) => shop.call('DELETE', `/api/categories/${String(id)}`, { headers: { ...headers, 'if-match': `"v${version}"` } });
    expect((await remove(vices.body['id'], 1)).status).toBe(409);
    expect((await remove('cat_garden', 1)).status).toBe(409);
    expect((await remove(small.body['id'], 1)).status).toBe(204);

    const rename = (version: number) => shop.call('PATCH', '/api/categories/cat_lamps', { headers: { ...headers, 'if-match': `"v${version}"` }, body: { name: 'Luminaires' } });
    expect([(await rename(1)).status, (await rename(1)).status]).toEqual([200, 412]);
    await eventually(async () => expect((await shop.call('GET', '/api/products?q=luminaire')).body).toMatchObject({ items: [{ id: 'prd_lamp' }] }), { timeoutMs: 10_000 });
  });
});

describe('deals', () => {
  it('are entered, changed and ended by managers', async () => {
    const headers = await shop.token('manager');
    const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString();
    const entry = { title: 'Deal', productId: 'prd_lamp', percentOff: 20, startsAt: day(-1), endsAt: day(1) };
    expect((await shop.call('POST', '/api/deals', { headers: await shop.token('employee'), body: entry })).status).toBe(403);
    expect((await shop.call('POST', '/api/deals', { headers, body: { ...entry, endsAt: day(-2) } })).status).toBe(400);
    const { body } = await shop.call('POST', '/api/deals', { headers, body: entry });
    await eventually(async () => expect((await shop.call('GET', '/api/deals', { worker: 1 })).body).toMatchObject({ items: [{ id: body['id'], percentOff: 20 }] }), { timeoutMs: 1_000 });
    const path = `/api/deals/${String(body['id'])}`;
    expect((await shop.call('PATCH', path, { headers: { ...headers, 'if-match': '"v1"' }, body: { startsAt: day(0.5) } })).body).toMatchObject({ version: 2 });
    await eventually(async () => expect((await shop.call('GET', '/api/deals', { worker: 1 })).body).toMatchObject({ items: [] }), { timeoutMs: 1_000 });
    expect((await shop.call('DELETE', path, { headers: { ...headers, 'if-match': '"v1"' } })).status).toBe(412);
    expect((await shop.call('DELETE', path, { headers: { ...headers, 'if-match': '"v2"' } })).status).toBe(204);
  });
});

it('variants come and go, in the currency of the product', async () => {
  const headers = await shop.token('manager');
  const at = (version: number) => ({ ...headers, 'if-match': `"v${version}"` });
  const variant = { sku: 'MUG-8-XL', attributes: { size: 'XL' }, price: { amount: 900, currency: 'EUR' }, weightGrams: 400 };
  expect((await shop.call('POST', '/api/products/prd_mug8/variants', { headers: at(1), body: { ...variant, price: { amount: 900, currency: 'JPY' } } })).status).toBe(400);
  expect((await shop.call('POST', '/api/products/prd_mug8/variants', { headers: at(1), body: { ...variant, sku: 'CUP' } })).status).toBe(409);
  expect((await shop.call('POST', '/api/products/prd_mug8/variants', { headers: at(1), body: variant })).body).toMatchObject({ version: 2, variants: [{}, { sku: 'MUG-8-XL', inStock: false }] });
  expect(await shop.collections.stock.findOne({ _id: 'MUG-8-XL' })).toMatchObject({ onHand: 0 });
  expect((await shop.call('GET', '/api/products?attr.size=xl')).body).toMatchObject({ pagination: { total: 1 } });
  expect((await shop.call('DELETE', '/api/products/prd_mug8/variants/MUG-8-XL', { headers: at(2) })).body).toMatchObject({ version: 3, variants: [{ sku: 'MUG-8' }] });
});
