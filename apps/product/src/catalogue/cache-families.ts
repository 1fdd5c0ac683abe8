import { CacheFamily } from '@shopfleet/cache';

/** How long Redis and a CDN keep each kind of answer, in seconds. */
export const productList = new CacheFamily({ name: 'product-list', ttlSeconds: 300 });
export const productDetail = new CacheFamily({ name: 'product-detail', ttlSeconds: 300 });
export const productReviews = new CacheFamily({ name: 'product-reviews', ttlSeconds: 300 });
export const categoryFamily = new CacheFamily({ name: 'categories', ttlSeconds: 3_600 });
export const deals = new CacheFamily({ name: 'deals', ttlSeconds: 600 });
export const recommendations = new CacheFamily({ name: 'recommendations', ttlSeconds: 600 });
export const suggestions = new CacheFamily({ name: 'suggestions', ttlSeconds: 300 });

/** On every answer that shows more than one product. */
export const LISTS = 'lists';

export function productTag(idOrSlug: string): string {
  return `product:${idOrSlug}`;
}

/** What a change of this product makes out of date. */
export function tagsOf(product: { readonly id: string; readonly slug: string }): string[] {
  return [LISTS, productTag(product.id), productTag(product.slug)];
}
