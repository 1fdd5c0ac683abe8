import { CacheFamily } from '@shopfleet/cache';

/** How long Redis and a CDN keep each kind of answer, in seconds. */
export const productList = new CacheFamily({ name: 'product-list', ttlSeconds: 300 });
export const productDetail = new CacheFamily({ name: 'product-detail', ttlSeconds: 300 });
export const productReviews = new CacheFamily({ name: 'product-reviews', ttlSeconds: 300 });
export const categoryFamily = new CacheFamily({ name: 'categories', ttlSeconds: 3_600 });
export const deals = new CacheFamily({ name: 'deals', ttlSeconds: 600 });
export const recommendations = new CacheFamily({ name: 'recommendations', ttlSeconds: 600 });
export const suggestions = new CacheFamily({ name: 'suggestions', ttlSeconds: 300 });

// Parts of lists that several answers share.
export const productCount = new CacheFamily({ name: 'product-count', ttlSeconds: 300 });
export const productFacet = new CacheFamily({ name: 'product-facet', ttlSeconds: 300 });
export const searchRanking = new CacheFamily({ name: 'search-ranking', ttlSeconds: 300 });

/** On every answer that shows more than one product. */
export const LISTS = 'lists';

/** On what changes only when a product is entered, changed or taken out, not when its stock is. */
export const COUNTS = 'counts';

export function productTag(idOrSlug: string): string {
  return `product:${idOrSlug}`;
}

/** What a change of this product's stock, rating or pictures makes out of date. */
export function tagsOf(product: { readonly id: string; readonly slug: string }): string[] {
  return [LISTS, productTag(product.id), productTag(product.slug)];
}

/** What a change of the product itself makes out of date. */
export function changeTagsOf(product: { readonly id: string; readonly slug: string }): string[] {
  return [COUNTS, ...tagsOf(product)];
}
