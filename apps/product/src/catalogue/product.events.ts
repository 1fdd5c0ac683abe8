import { auditRecorded, createEvent, productCreated, productDeleted, productPriceChanged, productUpdated, stockAvailabilityChanged, type Envelope, type PriceBookEntry } from '@shopfleet/contracts';
import type { Principal } from '@shopfleet/identity';
import type { PriceChange } from './domain/product.ts';
import type { ProductDocument } from './product.document.ts';

/** The product's prices as cart and order keep them. A product that is not active sells nothing. */
export function priceBookOf(product: ProductDocument): PriceBookEntry[] {
  return product.variants.map(({ sku, name, price, compareAt, weightGrams, active }) => ({
    sku, productId: product._id, partnerId: product.partnerId, name: product.name, variantName: name, price, ...(compareAt && { compareAt }),
    taxClass: product.taxClass, weightGrams, version: product.version, active: active && product.status === 'active',
  }));
}

export function createdEvent(product: ProductDocument): Envelope {
  return createEvent(productCreated, { source: 'product', subject: product._id, data: snapshotOf(product) });
}

/** What a change tells of, and to the audit who changed which price. */
export function changedEvents(product: ProductDocument, changed: string[], prices: readonly PriceChange[], by: Principal): Envelope[] {
  const about = { source: 'product', subject: product._id };
  return [
    createEvent(productUpdated, { ...about, data: { ...snapshotOf(product), changed } }),
    ...prices.map(({ sku, old, new: now }) =>
      createEvent(productPriceChanged, { ...about, data: { productId: product._id, sku, version: product.version, old, new: now } })),
    ...prices.map(({ sku, old, new: now }) =>
      createEvent(auditRecorded, { ...about, data: { actor: { id: by.userId, roles: [...by.roles] }, action: 'product.price-change', target: sku, difference: { price: { old, new: now } } } })),
  ];
}

export function deletedEvent(product: ProductDocument): Envelope {
  const data = { productId: product._id, version: product.version, slug: product.slug, skus: product.variants.map(({ sku }) => sku) };
  return createEvent(productDeleted, { source: 'product', subject: product._id, data });
}

function snapshotOf(product: ProductDocument) {
  const image = product.images[0]?.renditions.find(({ format }) => format === 'webp');
  return {
    productId: product._id, version: product.version, slug: product.slug, name: product.name, status: product.status, brand: product.brand.name,
    categoryIds: product.categoryIds, partnerId: product.partnerId, ...(image && { imageUrl: image.url }), variants: priceBookOf(product),
  };
}

/** The shelf of a new product is empty: its SKUs can be had once something is delivered. */
export function emptyShelfEvents(rows: readonly { readonly _id: string; readonly productId: string; readonly version: number }[]): Envelope[] {
  return rows.map(({ _id: sku, productId, version }) => createEvent(stockAvailabilityChanged, { source: 'product', subject: sku, data: { sku, productId, version, inStock: false } }));
}
