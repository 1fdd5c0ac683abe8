import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { contactSchema, couponBenefitSchema, couponCodeSchema, idSchema, instantSchema, moneySchema, orderLineSchema, quantitySchema, shortageSchema, skuSchema, totalsSchema, versionSchema, type OrderLine, type Totals } from './schemas.ts';

const number = z.string().min(1).max(40);
const reason = z.string().min(1).max(200);

/** What every later event of an order repeats, so that a mail can be written from it alone. */
const who = {
  orderId: idSchema,
  /** What the shopper calls it, such as `SF-7K3M-9Q2P`. */
  number,
  /** Absent: a guest's. */
  userId: idSchema.optional(),
  contact: contactSchema,
};

/** The same of an order that may have been stripped of what is personal, because its account was erased: nobody is written to. */
const whoever = { ...who, contact: contactSchema.optional() };

const bought = {
  ...who,
  cartId: idSchema,
  lines: z.array(orderLineSchema).min(1).max(200),
  totals: totalsSchema,
  /** The coupon that was used. */
  couponCode: couponCodeSchema.optional(),
  shippingMethod: z.string().min(1).max(40).optional(),
};

const orderPlacedData = z.strictObject({
  ...bought,
  /** The cart as it was read; a later change of the cart is not part of this order. */
  cartVersion: versionSchema,
});
const orderPaidData = z.strictObject({ ...bought, paymentId: idSchema.optional() });
const orderRejectedData = z.strictObject({ ...who, reason, shortages: z.array(shortageSchema).max(200).optional() });
const orderClosedData = z.strictObject({ ...whoever, reason });
const trackingSchema = z.strictObject({
  carrier: z.string().min(1).max(100),
  code: z.string().min(1).max(100),
  url: z.url().max(2_000).optional(),
});
const orderShippedData = z.strictObject({ ...who, tracking: trackingSchema.optional() });
const returnedLine = z.strictObject({ sku: skuSchema, quantity: quantitySchema });
const returnRequestedData = z.strictObject({
  ...whoever,
  returnId: idSchema,
  lines: z.array(returnedLine).min(1).max(200),
  reason,
});
const orderRefundedData = z.strictObject({
  ...whoever,
  refundId: idSchema,
  amount: moneySchema,
  /** What goes back on the shelf. */
  restock: z.array(returnedLine).max(200),
  reason,
});

const eur = (amount: number) => ({ amount, currency: 'EUR' }) as const;
const person = {
  orderId: 'ord_0192f7c1aaaa7000800000000000000b',
  number: 'SF-7K3M-9Q2P',
  userId: 'usr_0192f7c1aaaa7000800000000000000f',
  contact: { email: 'customer@example.com', locale: 'en' },
};
const lines: OrderLine[] = [
  {
    sku: 'LAMP-BRASS-S',
    productId: 'prd_0192f7c1aaaa7000800000000000000a',
    name: 'Brass desk lamp',
    variantName: 'small',
    partnerId: 'prt_house',
    quantity: 2,
    unitPrice: eur(4_990),
    lineTotal: eur(9_980),
  },
];
const totals: Totals = { subtotal: eur(9_980), discount: eur(0), shipping: eur(0), tax: eur(0), total: eur(9_980) };
const cartId = 'crt_0192f7c1aaaa70008000000000000010';
const paymentId = 'pay_0192f7c1aaaa70008000000000000011';

/** An order was taken; stock is to be held for it. order → product. */
export const orderPlaced = defineEvent({
  type: 'order.placed.v1',
  schema: orderPlacedData,
  example: { ...person, cartId, cartVersion: 7, lines, totals },
});

/** The money is there. order → product (commit the hold), cart (remove what was bought, no more), notification. */
export const orderPaid = defineEvent({
  type: 'order.paid.v1',
  schema: orderPaidData,
  example: { ...person, cartId, lines, totals, paymentId },
});

/** The stock did not suffice. order → notification. */
export const orderRejected = defineEvent({
  type: 'order.rejected.v1',
  schema: orderRejectedData,
  example: { ...person, reason: 'out-of-stock', shortages: [{ sku: 'LAMP-BRASS-S', requested: 2, available: 1 }] },
});

/** Called off by the shopper, by staff or for want of a payment. order → product (release), notification. */
export const orderCancelled = defineEvent({
  type: 'order.cancelled.v1',
  schema: orderClosedData,
  example: { ...person, reason: 'payment-declined' },
});

/** Not paid before its hold ended. order → product (release), notification. */
export const orderExpired = defineEvent({
  type: 'order.expired.v1',
  schema: orderClosedData,
  example: { ...person, reason: 'hold-expired' },
});

/** Handed to the carrier. order → notification. */
export const orderShipped = defineEvent({
  type: 'order.shipped.v1',
  schema: orderShippedData,
  example: { ...person, tracking: { carrier: 'Parcel Example', code: 'PE0001', url: 'https://parcel.example.com/PE0001' } },
});

/** Arrived. order → notification, product (may be reviewed now). */
export const orderDelivered = defineEvent({
  type: 'order.delivered.v1',
  schema: orderShippedData,
  example: { ...person },
});

/** The shopper sends something back. order → notification, product. */
export const orderReturnRequested = defineEvent({
  type: 'order.return-requested.v1',
  schema: returnRequestedData,
  example: { ...person, returnId: 'ret_0192f7c1aaaa70008000000000000012', lines: [{ sku: 'LAMP-BRASS-S', quantity: 1 }], reason: 'too small' },
});

/** Money went back. order → notification, product (restock). */
export const orderRefunded = defineEvent({
  type: 'order.refunded.v1',
  schema: orderRefundedData,
  example: {
    ...person,
    refundId: 'ref_0192f7c1aaaa70008000000000000013',
    amount: eur(4_990),
    restock: [{ sku: 'LAMP-BRASS-S', quantity: 1 }],
    reason: 'returned',
  },
});

const paymentSucceededData = z.strictObject({ orderId: idSchema, paymentId: idSchema, amount: moneySchema });
const paymentFailedData = z.strictObject({ orderId: idSchema, paymentId: idSchema, amount: moneySchema, reason });
const paymentRefundedData = z.strictObject({
  orderId: idSchema,
  paymentId: idSchema,
  refundId: idSchema,
  amount: moneySchema,
  reason,
});

/** The provider captured the amount. order → order, notification. */
export const paymentSucceeded = defineEvent({
  type: 'payment.succeeded.v1',
  schema: paymentSucceededData,
  example: { orderId: person.orderId, paymentId, amount: eur(9_980) },
});

/** The provider declined. order → order, notification. */
export const paymentFailed = defineEvent({
  type: 'payment.failed.v1',
  schema: paymentFailedData,
  example: { orderId: person.orderId, paymentId, amount: eur(9_980), reason: 'card-declined' },
});

/** The provider gave the amount back. order → order, notification. */
export const paymentRefunded = defineEvent({
  type: 'payment.refunded.v1',
  schema: paymentRefundedData,
  example: { orderId: person.orderId, paymentId, refundId: 'ref_0192f7c1aaaa70008000000000000013', amount: eur(4_990), reason: 'returned' },
});

const couponChangedData = z.strictObject({
  code: couponCodeSchema,
  version: versionSchema,
  benefit: couponBenefitSchema,
  minimum: moneySchema.optional(),
  startsAt: instantSchema.optional(),
  endsAt: instantSchema.optional(),
  usesInAll: z.int().positive().optional(),
  usesPerCustomer: z.int().positive().optional(),
  /** False: withdrawn. */
  active: z.boolean(),
  /** True: as often used as it may be. */
  exhausted: z.boolean(),
});

/** A coupon was made or changed, has been used up or has a use left again. order → cart. */
export const couponChanged = defineEvent({
  type: 'coupon.changed.v1',
  schema: couponChangedData,
  example: {
    code: 'WELCOME-10',
    version: 3,
    benefit: { kind: 'percent', basisPoints: 1_000 },
    minimum: eur(2_000),
    startsAt: '2026-11-01T00:00:00.000Z',
    endsAt: '2026-12-01T00:00:00.000Z',
    usesInAll: 500,
    usesPerCustomer: 1,
    active: true,
    exhausted: false,
  },
});
