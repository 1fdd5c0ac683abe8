import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProductShop, type ProductShop } from './product-shop.ts';

let shop: ProductShop;
let partner: { authorization: string };
beforeAll(async () => {
  shop = await openProductShop();
  partner = await shop.token('partner-owner', { partnerId: 'par_two' });
});
afterAll(() => shop.close());

interface Report {
  line?: number;
  errors?: { pointer: string; message: string }[];
  summary?: Record<string, number>;
}
const send = async (text: string, { type = 'application/x-ndjson', as = partner } = {}): Promise<Report[]> => {
  const response = await fetch(`${shop.urls[0]}/api/products/import`, { method: 'POST', headers: { ...as, 'content-type': type }, body: text });
  const answer = await response.text();
  expect(response.status, answer).toBe(200);
  return answer.trim().split('\n').map((line) => JSON.parse(line) as Report);
};
const download = async (format: string, as = partner): Promise<string> => (await fetch(`${shop.urls[1]}/api/products/export?format=${format}`, { headers: as })).text();
const lamp = (index: number, more: object = {}) => ({
  name: `Imported Lantern ${index}`, brand: 'Fernmill', categoryId: 'cat_lamps', variants: [{ sku: `IMP-${index}`, name: 'one', attributes: { colour: 'teal' }, price: { amount: 1_000 + index, currency: 'EUR' }, weightGrams: 10 }], ...more,
});
const lines = (...items: unknown[]) => items.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))).join('\n');

describe('an import', () => {
  it('writes what can be written, and names each line that cannot', async () => {
    const reports = await send(lines(lamp(1), '{broken', lamp(2), lamp(3, { categoryId: 'cat_none' }), lamp(4, { stock: 5 }), lamp(5, { slug: 'export' }), '', lamp(6, { partnerId: 'par_one' }), lamp(7)));
    expect(reports.at(-1)).toEqual({ summary: { lines: 8, created: 3, updated: 0, unchanged: 0, failed: 5 } });
    expect(Object.fromEntries(reports.filter(({ line }) => line !== undefined).map(({ line, errors }) => [line, errors?.[0]?.pointer]))).toEqual({ 2: '', 4: '/categoryId', 5: '', 6: '/slug', 8: '' });
    expect((await shop.call('GET', '/api/products?q=imported%20lantren&limit=50')).body).toMatchObject({ pagination: { total: 3 } });
    expect(await shop.collections.stock.countDocuments({ _id: /^IMP-/u })).toBe(3);
  });

  it('that is repeated changes nothing, and brings up to date what differs', async () => {
    const again = lines(lamp(1), lamp(2), lamp(7));
    expect((await send(again)).at(-1)?.summary).toMatchObject({ unchanged: 3, created: 0, updated: 0, failed: 0 });
    const dearer = { ...lamp(2), variants: [{ ...lamp(2).variants[0], price: { amount: 77, currency: 'EUR' } }, { sku: 'IMP-2B', price: { amount: 99, currency: 'EUR' }, weightGrams: 1 }] };
    expect((await send(lines(lamp(1), dearer))).at(-1)?.summary).toMatchObject({ unchanged: 1, updated: 1 });
    const product = await shop.collections.products.findOne({ 'variants.sku': 'IMP-2' });
    expect([product?.version, product?.priceFrom.amount, product?.variants.length]).toEqual([2, 77, 2]);
    expect(await shop.sent('product.price-changed.v1', product?._id ?? '')).toHaveLength(1);
  });

  it('brings everything of a product up to date but its address', async () => {
    const variant = lamp(7).variants[0];
    const other = lamp(7, { slug: 'elsewhere', name: 'Renamed Lantern', brand: 'Newmill', taxClass: 'reduced', variants: [{ ...variant, attributes: { colour: 'red', cut: 'a;b' }, weightGrams: 77 }] });
    const before = await shop.collections.products.findOne({ 'variants.sku': 'IMP-7' });
    expect((await send(lines(other))).at(-1)?.summary).toMatchObject({ updated: 1 });
    expect(await shop.collections.products.findOne({ 'variants.sku': 'IMP-7' })).toMatchObject({
      slug: before?.slug, name: 'Renamed Lantern', brand: { slug: 'newmill', name: 'Newmill' }, taxClass: 'reduced', attrs: ['colour=red', 'cut=a;b'], version: 2,
      variants: [{ attributes: { colour: 'red', cut: 'a;b' }, weightGrams: 77 }],
    });
    expect((await send(lines(other))).at(-1)?.summary).toMatchObject({ unchanged: 1 });
  });

  it('does not touch what belongs to another partner', async () => {
    const foreign = { ...lamp(9), variants: [{ ...lamp(9).variants[0], sku: 'LAMP-S' }] };
    expect((await send(lines(foreign))).at(-1)?.summary).toMatchObject({ failed: 1 });
  });

  it('takes what an export gave and changes nothing, as NDJSON and as CSV', async () => {
    for (const [format, type] of [['ndjson', 'application/x-ndjson'], ['csv', 'text/csv']] as const) {
      const text = await download(format);
      const summary = (await send(text, { type })).at(-1)?.summary;
      expect(summary).toMatchObject({ unchanged: summary?.['lines'], failed: 0 });
      expect(summary?.['lines']).toBeGreaterThan(40);
    }
  });

  it('reads prices of 0, 2 and 3 decimals from CSV, and refuses to round', async () => {
    const header = 'slug,name,brand,categoryId,sku,price,currency,weightGrams,attributes';
    const row = (sku: string, price: string, currency: string) => `${sku.toLowerCase()},"Mug, ""${sku}""",Fernmill,cat_garden,${sku},${price},${currency},5,colour=red;size=M`;
    const reports = await send([header, row('YEN', '1200', 'JPY'), row('DINAR', '1.250', 'KWD'), row('EURO', '19.9', 'EUR'), row('ROUND', '1.5', 'JPY'), 'too,few'].join('\r\n'), { type: 'text/csv' });
    expect(reports.at(-1)?.summary).toMatchObject({ created: 3, failed: 2 });
    const prices = await shop.collections.products.find({ 'variants.sku': { $in: ['YEN', 'DINAR', 'EURO'] } }).sort({ slug: 1 }).toArray();
    expect(prices.map(({ priceFrom, attrs, name }) => [priceFrom.amount, priceFrom.currency, attrs, name])).toEqual([
      [1_250, 'KWD', ['colour=red', 'size=m'], 'Mug, "DINAR"'], [1_990, 'EUR', ['colour=red', 'size=m'], 'Mug, "EURO"'], [1_200, 'JPY', ['colour=red', 'size=m'], 'Mug, "YEN"'],
    ]);
  });

  it('in another encoding than UTF-8 is refused line by line, instead of damaged', async () => {
    const latin = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
    const answer = async (type: string, text: string) => {
      const response = await fetch(`${shop.urls[0]}/api/products/import`, { method: 'POST', headers: { ...(await shop.token('manager')), 'content-type': type }, body: latin(text) });
      return (await response.text()).trim().split('\n').map((line) => JSON.parse(line) as Report);
    };
    const csv = 'slug,name,brand,categoryId,partnerId,sku,price,currency,weightGrams\ncafe,Caf\u00e9,Fernmill,cat_garden,par_two,LATIN-1,9,EUR,5\ntea,Tea,Fernmill,cat_garden,par_two,LATIN-2,9,EUR,5';
    expect((await answer('text/csv', csv))[0]).toMatchObject({ line: 2, errors: [{ message: expect.stringContaining('UTF-8') as string }] });
    expect(await shop.collections.products.countDocuments({ 'variants.sku': /^LATIN/u })).toBe(1);
    expect((await answer('application/x-ndjson', JSON.stringify(lamp(11, { name: 'Caf\u00e9' }))))[0]).toMatchObject({ line: 1, errors: [{ message: expect.stringContaining('UTF-8') as string }] });
  });

  it('of another kind of file is refused, and so is who is no partner', async () => {
    expect((await shop.call('POST', '/api/products/import', { headers: partner, body: {} })).status).toBe(415);
    const customer = await shop.token('customer');
    expect((await fetch(`${shop.urls[0]}/api/products/import`, { method: 'POST', headers: { ...customer, 'content-type': 'text/csv' }, body: 'sku' })).status).toBe(403);
  });
});

it('an export holds a partner’s own products, and everybody’s for staff', async () => {
  const own = (await download('ndjson')).trim().split('\n').map((line) => JSON.parse(line) as { partnerId: string });
  expect(new Set(own.map(({ partnerId }) => partnerId))).toEqual(new Set(['par_two']));
  const all = (await download('ndjson', await shop.token('manager'))).trim().split('\n');
  expect(all.length).toBeGreaterThan(own.length);
});

it('a hundred thousand lines take no more memory than a thousand', async () => {
  const many = (count: number, line: (index: number) => string) => Array.from({ length: count }, (_, index) => line(index)).join('\n');
  expect((await send(many(1_000, (index) => JSON.stringify(lamp(10_000 + index))))).at(-1)?.summary).toMatchObject({ created: 1_000, failed: 0 });
  const broken = many(100_000, (index) => `{"name":"without a brand ${index}"}`);
  const before = process.memoryUsage().rss;
  expect((await send(broken)).at(-1)?.summary).toMatchObject({ lines: 100_000, failed: 100_000 });
  // The test's own copies of request and answer are part of it.
  expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(400);
}, 120_000);
