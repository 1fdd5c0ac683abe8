import { addressSchema, couponCodeSchema, idSchema, localeSchema, moneySchema, quantitySchema, shortageSchema, skuSchema, totalsSchema } from '@shopfleet/contracts';
import { shippingMethodIds } from '@shopfleet/pricing';
import { z } from 'zod';
import { orderStatuses } from './domain/order-status.ts';

const email = z.email().max(254);

const paymentSchema = z.strictObject({ token: z.string().regex(/^(tok|pm)_[A-Za-z0-9_]{1,100}$/u, 'must be a token of the payment provider, such as tok_ok') });

export const placeOrderSchema = z.strictObject({
  payment: paymentSchema,
  shippingAddress: addressSchema,
  /** Guests only: customers are written to at the address of their account. */
  email: email.optional(),
  /** By default the language of the account; for guests `en`. */
  locale: localeSchema.optional(),
  expectedTotal: moneySchema.optional(),
}).meta({ id: 'PlaceOrder' });
export type PlaceOrderBody = z.infer<typeof placeOrderSchema>;

export const payAgainSchema = z.strictObject({ payment: paymentSchema }).meta({ id: 'PayOrder' });
export type PayAgainBody = z.infer<typeof payAgainSchema>;

export const orderParamsSchema = z.strictObject({ id: z.string().regex(/^(ord_[0-9a-f]{32}|SF-[0-9A-Z]{4}-[0-9A-Z]{4})$/u, 'must be an order id (ord_…) or number (SF-…)') });
export type OrderParams = z.infer<typeof orderParamsSchema>;

export const orderListQuerySchema = z.strictObject({
  status: z.enum(orderStatuses).optional(),
  cursor: z.string().min(1).max(300).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export type OrderListQuery = z.infer<typeof orderListQuerySchema>;

export const cancelSchema = z.strictObject({ reason: z.string().trim().min(1).max(200).default('cancelled-by-customer') }).meta({ id: 'CancelOrder' });
export type CancelBody = z.infer<typeof cancelSchema>;

const trackingSchema = z.strictObject({
  carrier: z.string().trim().min(1).max(100),
  code: z.string().trim().min(1).max(100),
  url: z.url({ protocol: /^https$/u }).max(2000).optional(),
});
export const shipSchema = z.strictObject({ tracking: trackingSchema.optional() }).meta({ id: 'ShipOrder' });
export type ShipBody = z.infer<typeof shipSchema>;

const instant = z.iso.datetime();

const returnSchema = z.strictObject({
  id: idSchema,
  lines: z.array(z.strictObject({ sku: skuSchema, quantity: quantitySchema })),
  reason: z.string(),
  status: z.enum(['requested', 'received', 'refunded']),
  requestedAt: instant,
});

export const orderSchema = z.strictObject({
  id: idSchema,
  number: z.string(),
  status: z.enum(orderStatuses),
  lines: z.array(
    z.strictObject({
      sku: skuSchema,
      productId: idSchema,
      name: z.string(),
      variantName: z.string().optional(),
      quantity: quantitySchema,
      unitPrice: moneySchema,
      lineTotal: moneySchema,
      /** The line's part of the coupon's discount. */
      discount: moneySchema.optional(),
      /** In hundredths of a percent. */
      taxRate: z.int().optional(),
      tax: moneySchema.optional(),
    }),
  ),
  totals: totalsSchema,
  couponCode: couponCodeSchema.optional(),
  shippingMethod: z.enum(shippingMethodIds).optional(),
  /** Only the country once the account was erased. */
  shippingAddress: addressSchema.partial({ name: true, line1: true, city: true, postalCode: true }),
  /** Absent once the account was erased. */
  contact: z.strictObject({ email, locale: z.string() }).optional(),
  tracking: trackingSchema.optional(),
  /** What has gone back so far. */
  refunded: moneySchema.optional(),
  returns: z.array(returnSchema).optional(),
  reason: z.string().optional(),
  shortages: z.array(shortageSchema).optional(),
  createdAt: instant,
  updatedAt: instant,
}).meta({ id: 'Order' });
export type OrderView = z.infer<typeof orderSchema>;

export const placedOrderSchema = orderSchema.extend({
  /** Guests only: send it as X-Order-Token to see the order again. */
  orderToken: z.string().optional(),
}).meta({ id: 'PlacedOrder' });
export type PlacedOrderView = z.infer<typeof placedOrderSchema>;

export const orderListSchema = z.strictObject({
  items: z.array(orderSchema),
  pagination: z.strictObject({ limit: z.int(), nextCursor: z.string().optional() }),
}).meta({ id: 'OrderList' });
export type OrderListView = z.infer<typeof orderListSchema>;

export const timelineSchema = z.strictObject({
  items: z.array(z.strictObject({ status: z.enum(orderStatuses), at: instant, by: z.enum(['shop', 'customer', 'staff']), note: z.string().optional() })),
}).meta({ id: 'OrderTimeline' });
export type TimelineView = z.infer<typeof timelineSchema>;
