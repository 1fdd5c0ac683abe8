import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { idSchema, moneySchema, priceBookEntry, skuSchema, stockLineSchema, versionSchema, instantSchema, shortageSchema } from './schemas.ts';

const snapshot = {
  productId: idSchema,
  version: versionSchema,
  slug: z.string().min(1).max(200),
  name: z.string().min(1).max(300),
  status: z.enum(['draft', 'active', 'archived']),
  brand: z.string().max(200).optional(),
  categoryIds: z.array(idSchema).max(50),
  partnerId: idSchema,
  /** The picture to show in a cart or a mail. */
  imageUrl: z.string().max(2_000).optional(),
  /** All variants as they are now: who keeps a price book replaces the product's entries by these. */
  variants: z.array(priceBookEntry).max(200),
};

const lamp = {
  productId: 'prd_0192f7c1aaaa7000800000000000000a',
  version: 1,
  slug: 'brass-desk-lamp',
  name: 'Brass desk lamp',
  status: 'active',
  brand: 'Northlight',
  categoryIds: ['cat_0192f7c1aaaa70008000000000000001'],
  partnerId: 'prt_house',
  imageUrl: '/images/brass-desk-lamp-480.webp',
  variants: [
    {
      sku: 'LAMP-BRASS-S',
      productId: 'prd_0192f7c1aaaa7000800000000000000a',
      partnerId: 'prt_house',
      name: 'Brass desk lamp',
      variantName: 'small',
      price: { amount: 4_990, currency: 'EUR' },
      compareAt: { amount: 5_990, currency: 'EUR' },
      taxClass: 'standard',
      weightGrams: 1_200,
      version: 1,
      active: true,
    },
  ],
} as const;

const productCreatedData = z.strictObject(snapshot);
const productUpdatedData = z.strictObject({
  ...snapshot,
  /** Names of the fields that differ from the version before. */
  changed: z.array(z.string().max(100)).max(100),
});
const productDeletedData = z.strictObject({
  productId: idSchema,
  version: versionSchema,
  slug: z.string().min(1).max(200),
  skus: z.array(skuSchema).max(200),
});
const priceChangedData = z.strictObject({
  productId: idSchema,
  sku: skuSchema,
  version: versionSchema,
  old: moneySchema,
  new: moneySchema,
});

/** A product came into the catalogue; carries its price book entries. product → cart, order, caches. */
export const productCreated = defineEvent({
  type: 'product.created.v1',
  schema: productCreatedData,
  example: { ...lamp, categoryIds: [...lamp.categoryIds], variants: [...lamp.variants] },
});

/** A product changed; carries its price book entries as they are now. product → cart, order, caches. */
export const productUpdated = defineEvent({
  type: 'product.updated.v1',
  schema: productUpdatedData,
  example: { ...lamp, version: 2, categoryIds: [...lamp.categoryIds], variants: [{ ...lamp.variants[0], version: 2 }], changed: ['description'] },
});

/** A product left the catalogue: none of its SKUs can be sold. product → cart, order, caches. */
export const productDeleted = defineEvent({
  type: 'product.deleted.v1',
  schema: productDeletedData,
  example: { productId: lamp.productId, version: 3, slug: lamp.slug, skus: ['LAMP-BRASS-S'] },
});

/** One SKU has another price. product → cart, order, notification (wish lists). */
export const productPriceChanged = defineEvent({
  type: 'product.price-changed.v1',
  schema: priceChangedData,
  example: {
    productId: lamp.productId,
    sku: 'LAMP-BRASS-S',
    version: 4,
    old: { amount: 4_990, currency: 'EUR' },
    new: { amount: 3_990, currency: 'EUR' },
  },
});

const orderId = 'ord_0192f7c1aaaa7000800000000000000b';

const stockReservedData = z.strictObject({
  orderId: idSchema,
  lines: z.array(stockLineSchema).min(1).max(200),
  /** The hold ends then, unless it is committed before. */
  expiresAt: instantSchema,
});
const stockRejectedData = z.strictObject({ orderId: idSchema, shortages: z.array(shortageSchema).min(1).max(200) });
const stockReleasedData = z.strictObject({
  orderId: idSchema,
  lines: z.array(stockLineSchema).max(200),
  /** Why the hold ended, such as `payment-declined` or `expired`. */
  reason: z.string().min(1).max(100),
});
const stockCommittedData = z.strictObject({ orderId: idSchema, lines: z.array(stockLineSchema).min(1).max(200) });
const availabilityChangedData = z.strictObject({
  sku: skuSchema,
  productId: idSchema,
  /** Version of the SKU's stock, not of its product. */
  version: versionSchema,
  inStock: z.boolean(),
});
const stockLowData = z.strictObject({
  sku: skuSchema,
  productId: idSchema,
  available: z.int().nonnegative(),
  /** The mark that was passed. */
  lowAt: z.int().nonnegative(),
});

/** All lines of an order are held. product → order. */
export const stockReserved = defineEvent({
  type: 'stock.reserved.v1',
  schema: stockReservedData,
  example: { orderId, lines: [{ sku: 'LAMP-BRASS-S', quantity: 2 }], expiresAt: '2026-11-20T10:30:30.000Z' },
});

/** Not everything was there, so nothing is held. product → order. */
export const stockRejected = defineEvent({
  type: 'stock.rejected.v1',
  schema: stockRejectedData,
  example: { orderId, shortages: [{ sku: 'LAMP-BRASS-S', requested: 2, available: 1 }] },
});

/** A hold was given back. product → order. */
export const stockReleased = defineEvent({
  type: 'stock.released.v1',
  schema: stockReleasedData,
  example: { orderId, lines: [{ sku: 'LAMP-BRASS-S', quantity: 2 }], reason: 'payment-declined' },
});

/** What was held has left the stock for good. product → order. */
export const stockCommitted = defineEvent({
  type: 'stock.committed.v1',
  schema: stockCommittedData,
  example: { orderId, lines: [{ sku: 'LAMP-BRASS-S', quantity: 2 }] },
});

/** A SKU runs out. product → notification (staff). */
export const stockLow = defineEvent({
  type: 'stock.low.v1',
  schema: stockLowData,
  example: { sku: 'LAMP-BRASS-S', productId: lamp.productId, available: 3, lowAt: 5 },
});

const imageProcessedData = z.strictObject({
  productId: idSchema,
  imageId: idSchema,
  renditions: z
    .array(
      z.strictObject({
        url: z.string().min(1).max(2_000),
        format: z.enum(['avif', 'webp', 'jpeg', 'png']),
        /** Pixels. */
        width: z.int().positive(),
        height: z.int().positive(),
        bytes: z.int().positive(),
      }),
    )
    .min(1)
    .max(50),
});
const imageFailedData = z.strictObject({ productId: idSchema, imageId: idSchema, reason: z.string().min(1).max(500) });
const reviewCreatedData = z.strictObject({
  reviewId: idSchema,
  productId: idSchema,
  userId: idSchema,
  rating: z.int().min(1).max(5),
});

/** The renditions of a picture are there. product → notification. */
export const imageProcessed = defineEvent({
  type: 'image.processed.v1',
  schema: imageProcessedData,
  example: {
    productId: lamp.productId,
    imageId: 'img_0192f7c1aaaa7000800000000000000c',
    renditions: [{ url: '/images/brass-desk-lamp-480.webp', format: 'webp', width: 480, height: 480, bytes: 18_211 }],
  },
});

/** A picture could not be used. product → notification. */
export const imageFailed = defineEvent({
  type: 'image.failed.v1',
  schema: imageFailedData,
  example: { productId: lamp.productId, imageId: 'img_0192f7c1aaaa7000800000000000000d', reason: 'more than 40 megapixels' },
});

/** A customer wrote a review. product → who counts ratings. */
export const reviewCreated = defineEvent({
  type: 'review.created.v1',
  schema: reviewCreatedData,
  example: {
    reviewId: 'rev_0192f7c1aaaa7000800000000000000e',
    productId: lamp.productId,
    userId: 'usr_0192f7c1aaaa7000800000000000000f',
    rating: 5,
  },
});

/** The last piece of a SKU was promised to somebody, or the first can be had again. product → cart (hints). */
export const stockAvailabilityChanged = defineEvent({
  type: 'stock.availability-changed.v1',
  schema: availabilityChangedData,
  example: { sku: 'LAMP-BRASS-S', productId: lamp.productId, version: 17, inStock: false },
});
