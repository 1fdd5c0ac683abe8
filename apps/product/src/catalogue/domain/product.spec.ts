import { money } from '@shopfleet/kernel';
import { describe, expect, it } from 'vitest';
import { changeProduct, createProduct, type NewProduct } from './product.ts';

const now = new Date('2026-11-01T00:00:00Z');
const variant = (sku: string, amount: number) => ({ sku, name: sku, attributes: {}, price: money(amount, 'EUR'), weightGrams: 100 });
const draft = (overrides: Partial<NewProduct> = {}): NewProduct => ({
  name: 'Lampe “Écume”', description: '', brand: 'Fernmill', categoryIds: ['cat_1'], categoryNames: ['Lamps'], partnerId: 'par_1', status: 'active', taxClass: 'standard',
  variants: [variant('A', 300), variant('B', 200)], ...overrides,
});

describe('a new product', () => {
  it('costs from its cheapest variant and has nothing in stock', () => {
    expect(createProduct(draft(), now)).toMatchObject({ priceFrom: money(200, 'EUR'), inStock: false, version: 1 });
  });

  it('has a slug of its name that no path uses', () => {
    expect(createProduct(draft(), now).slug).toMatch(/^lampe-ecume-[0-9a-f]{6}$/u);
    expect(createProduct(draft({ name: 'Import' }), now).slug).toMatch(/^product-[0-9a-f]{6}$/u);
    expect(createProduct(draft({ name: '湯のみ' }), now).slug).toMatch(/^product-[0-9a-f]{6}$/u);
  });

  it.each([
    ['two currencies', [variant('A', 1), { ...variant('B', 1), price: money(1, 'JPY') }]],
    ['a SKU twice', [variant('A', 1), variant('A', 2)]],
    ['a reduction that is none', [{ ...variant('A', 100), compareAt: money(100, 'EUR') }]],
  ])('may not have %s', (_what, variants) => {
    expect(() => createProduct(draft({ variants }), now)).toThrow(expect.objectContaining({ code: 'validation-failed' }));
  });
});

describe('a change', () => {
  const product = createProduct(draft(), now);

  it('names what differs, tells each new price and counts the version', () => {
    const result = changeProduct(product, { variants: [{ sku: 'B', price: money(150, 'EUR'), compareAt: money(200, 'EUR') }] }, now);
    expect(result.changed).toEqual(['variants']);
    expect(result.prices).toEqual([{ sku: 'B', old: money(200, 'EUR'), new: money(150, 'EUR') }]);
    expect(result.product).toMatchObject({ version: 2, priceFrom: money(150, 'EUR') });
  });

  it('may be of the brand, the tax class, attributes and the weight', () => {
    const result = changeProduct(product, { brand: '湯', taxClass: 'reduced', variants: [{ sku: 'A', attributes: { colour: 'red' }, weightGrams: 5 }] }, now);
    expect(result.changed).toEqual(['brand', 'taxClass', 'variants']);
    expect(result.product).toMatchObject({ taxClass: 'reduced', attrs: ['colour=red'], variants: [{ attributes: { colour: 'red' }, weightGrams: 5 }, { attributes: {} }] });
    expect(result.product.brand.slug).not.toBe(changeProduct(product, { brand: '茶' }, now).product.brand.slug);
  });

  it('to another currency is a change of the price', () => {
    const yen = ['A', 'B'].map((sku, index) => ({ sku, price: money(index === 0 ? 300 : 200, 'JPY') }));
    expect(changeProduct(product, { variants: yen }, now).prices.map(({ new: price }) => price.currency)).toEqual(['JPY', 'JPY']);
  });

  it('takes a reduction away by null', () => {
    const reduced = changeProduct(product, { variants: [{ sku: 'B', compareAt: money(900, 'EUR') }] }, now).product;
    expect(changeProduct(reduced, { variants: [{ sku: 'B', compareAt: null }] }, now).product.variants[1]).not.toHaveProperty('compareAt');
  });

  it('counts only variants for sale for the price', () => {
    expect(changeProduct(product, { variants: [{ sku: 'B', active: false }] }, now).product.priceFrom).toEqual(money(300, 'EUR'));
  });

  it('that leaves nothing for sale is refused, unless it is a draft', () => {
    const nothing = product.variants.map(({ sku }) => ({ sku, active: false }));
    expect(() => changeProduct(product, { variants: nothing }, now)).toThrow(expect.objectContaining({ code: 'validation-failed', errors: [expect.objectContaining({ pointer: '/variants' })] }));
    const draft = changeProduct(product, { variants: nothing, status: 'draft' }, now).product;
    expect(() => changeProduct(draft, { status: 'active' }, now)).toThrow('for sale');
  });

  it('of a SKU that the product does not have is refused', () => {
    expect(() => changeProduct(product, { variants: [{ sku: 'Z' }] }, now)).toThrow(expect.objectContaining({ code: 'validation-failed' }));
  });

  it('that changes nothing names nothing', () => {
    expect(changeProduct(product, { name: product.name }, now).changed).toEqual([]);
  });
});
