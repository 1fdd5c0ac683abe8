import { money, type Money } from '@shopfleet/kernel';
import type { CategoryDocument, ProductDocument, VariantDocument } from '../src/catalogue/product.document.ts';
import { findableFields } from '../src/catalogue/domain/findable.ts';
import type { StockDocument } from '../src/inventory/stock.document.ts';

export function aVariant(overrides: Partial<VariantDocument> = {}): VariantDocument {
  return { sku: 'LAMP-S', name: 'small', attributes: { colour: 'black' }, price: money(1_999, 'EUR'), weightGrams: 500, active: true, inStock: true, ...overrides };
}

export function aProduct(overrides: Partial<ProductDocument> = {}): ProductDocument {
  const name = overrides.name ?? 'Alderbeck Nova Table Lamp';
  const createdAt = new Date('2026-10-01T00:00:00Z');
  const variants = overrides.variants ?? [aVariant()];
  const product = {
    _id: 'prd_lamp', slug: 'alderbeck-table-lamp', nameLower: name.toLowerCase(), description: 'A sturdy lamp of oak.', brand: { slug: 'alderbeck', name: 'Alderbeck' },
    categoryIds: ['cat_home', 'cat_light', 'cat_lamps'], partnerId: 'par_one', status: 'active', taxClass: 'standard', variants,
    priceFrom: variants[0]?.price ?? money(0, 'EUR'), inStock: variants.some(({ inStock }) => inStock), rating: { average: 4.5, count: 12 }, images: [], popularity: 10,
    version: 1, createdAt, updatedAt: createdAt, ...overrides, name,
  } satisfies Partial<ProductDocument>;
  const names = categories().filter(({ _id }) => product.categoryIds.includes(_id)).map((category) => category.name);
  return { ...product, ...findableFields(product, names) };
}

export function categories(): CategoryDocument[] {
  const make = (_id: string, slug: string, name: string, path: string[]): CategoryDocument => ({ _id, slug, name, level: path.length, parentId: path.at(-2) ?? null, path, position: 0 });
  return [
    make('cat_home', 'home', 'Home', ['cat_home']),
    make('cat_light', 'home-lighting', 'Lighting', ['cat_home', 'cat_light']),
    make('cat_lamps', 'home-lighting-lamps', 'Table Lamps', ['cat_home', 'cat_light', 'cat_lamps']),
    make('cat_garden', 'garden', 'Garden', ['cat_garden']),
  ];
}

/** A lamp, forty mugs of rising price and age, and one thing in yen that is sold out. */
export function products(): ProductDocument[] {
  const mug = (index: number): ProductDocument => {
    const price: Money = money(500 + index * 10, 'EUR');
    return aProduct({
      _id: `prd_mug${index}`, slug: `fernmill-mug-${index}`, name: `Fernmill Mug ${index}`, brand: { slug: 'fernmill', name: 'Fernmill' }, description: 'A mug of clay.', categoryIds: ['cat_garden'],
      partnerId: 'par_two', variants: [aVariant({ sku: `MUG-${index}`, price })], popularity: index, createdAt: new Date(Date.UTC(2026, 0, 1, 0, index)),
    });
  };
  return [
    aProduct({ variants: [aVariant(), aVariant({ sku: 'LAMP-L', name: 'large', price: money(2_999, 'EUR'), compareAt: money(3_999, 'EUR') })] }),
    ...Array.from({ length: 40 }, (_, index) => mug(index)),
    aProduct({
      _id: 'prd_cup', slug: 'cup', name: '湯のみ', description: 'A cup of clay.', brand: { slug: 'larchmere', name: 'Larchmere' }, categoryIds: ['cat_garden'],
      variants: [aVariant({ sku: 'CUP', price: money(1_200, 'JPY'), inStock: false })], createdAt: new Date('2026-09-01T00:00:00Z'),
    }),
  ];
}

export function stockRows(): StockDocument[] {
  const row = (_id: string, productId: string, onHand: number): StockDocument => ({ _id, productId, onHand, reserved: 0, lowAt: 2, version: 1 });
  return [row('LAMP-S', 'prd_lamp', 10), row('LAMP-L', 'prd_lamp', 5), row('CUP', 'prd_cup', 0), ...Array.from({ length: 40 }, (_, index) => row(`MUG-${index}`, `prd_mug${index}`, 100))];
}
