import type { Currency } from '@shopfleet/kernel';
import { attributeTerm } from '@shopfleet/search';
import type { Filter } from 'mongodb';
import type { ProductDocument } from './product.document.ts';
import type { FacetName, ProductsQuery } from './products.query.ts';

/** Which products of the catalogue somebody wants to see, beside the words of a search. */
export interface ProductFilter {
  readonly categoryId?: string | undefined;
  readonly brand?: string | undefined;
  readonly currency?: Currency | undefined;
  /** In minor units of `currency`. */
  readonly minPrice?: number | undefined;
  readonly maxPrice?: number | undefined;
  /** Least average. */
  readonly rating?: number | undefined;
  readonly inStock?: boolean | undefined;
  /** Name → values, one of which must be there. */
  readonly attributes?: Readonly<Record<string, readonly string[]>> | undefined;
}

export function filterOf(query: ProductsQuery, categoryId: string | undefined): ProductFilter {
  const { brand, currency, minPrice, maxPrice, rating, inStock, sort } = query;
  const byPrice = sort === 'price' || sort === '-price' || minPrice !== undefined || maxPrice !== undefined;
  const attributes = Object.entries(query).flatMap(([key, value]): [string, string[]][] =>
    key.startsWith('attr.') ? [[key.slice('attr.'.length), String(value).split(',').filter((text) => text !== '')]] : []);
  return {
    categoryId, brand, minPrice, maxPrice, rating, inStock,
    currency: currency ?? (byPrice ? 'EUR' : undefined),
    ...(attributes.length > 0 && { attributes: Object.fromEntries(attributes) }),
  };
}

/** The filter as the database understands it: the active products that it lets through. */
export function matching(filter: ProductFilter): Filter<ProductDocument> {
  const { categoryId, brand, currency, minPrice, maxPrice, rating, inStock, attributes = {} } = filter;
  const amount = { ...(minPrice !== undefined && { $gte: minPrice }), ...(maxPrice !== undefined && { $lte: maxPrice }) };
  const one = Object.entries(attributes).map(([name, values]) => ({ attrs: { $in: values.map((value) => attributeTerm(name, value)) } }));
  return {
    status: 'active',
    ...(categoryId !== undefined && { categoryIds: categoryId }),
    ...(brand !== undefined && { 'brand.slug': brand }),
    ...(currency !== undefined && { 'priceFrom.currency': currency }),
    ...(Object.keys(amount).length > 0 && { 'priceFrom.amount': amount }),
    ...(rating !== undefined && { 'rating.average': { $gte: rating } }),
    ...(inStock !== undefined && { inStock }),
    ...(one.length > 0 && { $and: one }),
  };
}

/** One key for one filter, in whatever order its parts came. */
export function filterKey(filter: ProductFilter): string {
  return JSON.stringify(Object.entries(filter).filter(([, value]) => value !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The filter without the part that a facet counts. */
export function withoutOwn(facet: FacetName, filter: ProductFilter): ProductFilter {
  if (facet === 'brand') return { ...filter, brand: undefined };
  if (facet === 'rating') return { ...filter, rating: undefined };
  if (facet === 'inStock') return { ...filter, inStock: undefined };
  if (facet === 'price') return { ...filter, minPrice: undefined, maxPrice: undefined };
  if (facet === 'category') return filter;
  const { [facet.slice('attr.'.length)]: _own, ...attributes } = filter.attributes ?? {};
  return { ...filter, attributes: Object.keys(attributes).length > 0 ? attributes : undefined };
}
