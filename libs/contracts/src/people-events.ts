import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { contactSchema, idSchema, instantSchema, moneySchema, skuSchema, versionSchema } from './schemas.ts';

const userId = 'usr_0192f7c1aaaa7000800000000000000f';
const contact = { email: 'customer@example.com', locale: 'en' };

/** Names a one-time token without being it: auth hands the token out to whoever may ask. */
const tokenRef = z.string().min(1).max(200);

const userRegisteredData = z.strictObject({
  userId: idSchema,
  contact: contactSchema,
  name: z.string().min(1).max(200),
  tokenRef,
});
const userVerifiedData = z.strictObject({ userId: idSchema, contact: contactSchema, name: z.string().min(1).max(200) });
const passwordResetData = z.strictObject({
  userId: idSchema,
  contact: contactSchema,
  tokenRef,
  expiresAt: instantSchema.optional(),
});
const userLockedData = z.strictObject({
  userId: idSchema,
  contact: contactSchema,
  /** Log-ins are refused until then. */
  until: instantSchema,
  tokenRef: tokenRef.optional(),
});
const newDeviceData = z.strictObject({
  userId: idSchema,
  contact: contactSchema,
  sessionId: idSchema,
  /** As a person would name it, such as `Firefox on Linux`. */
  device: z.string().min(1).max(200),
  at: instantSchema,
});
const userErasedData = z.strictObject({ userId: idSchema });

/** Somebody registered; the address is not verified yet. auth → notification (verification mail). */
export const userRegistered = defineEvent({
  type: 'user.registered.v1',
  schema: userRegisteredData,
  example: { userId, contact, name: 'Ada Example', tokenRef: 'ref-7Jw0VtQ2' },
});

/** The address is verified. auth → notification (welcome). */
export const userVerified = defineEvent({
  type: 'user.verified.v1',
  schema: userVerifiedData,
  example: { userId, contact, name: 'Ada Example' },
});

/** Somebody asked for a new password. auth → notification. */
export const userPasswordResetRequested = defineEvent({
  type: 'user.password-reset-requested.v1',
  schema: passwordResetData,
  example: { userId, contact, tokenRef: 'ref-8Kx1WuR3', expiresAt: '2026-11-20T11:15:30.000Z' },
});

/** Too many wrong passwords. auth → notification. */
export const userLocked = defineEvent({
  type: 'user.locked.v1',
  schema: userLockedData,
  example: { userId, contact, until: '2026-11-20T10:30:30.000Z' },
});

/** A log-in from a device not seen before. auth → notification. */
export const userDeviceAdded = defineEvent({
  type: 'user.device-added.v1',
  schema: newDeviceData,
  example: { userId, contact, sessionId: 'ses_0192f7c1aaaa70008000000000000014', device: 'Firefox on Linux', at: '2026-11-20T10:15:30.000Z' },
});

/** An account was erased: forget what is personal. auth → cart, order, notification. */
export const userErased = defineEvent({ type: 'user.erased.v1', schema: userErasedData, example: { userId } });

const cartMergedData = z.strictObject({
  /** The cart that remains. */
  cartId: idSchema,
  userId: idSchema,
  /** The guest's cart that went into it. */
  fromCartId: idSchema,
  version: versionSchema,
});
const cartAbandonedData = z.strictObject({
  cartId: idSchema,
  userId: idSchema,
  contact: contactSchema.optional(),
  lineCount: z.int().positive(),
  subtotal: moneySchema,
  lastChangedAt: instantSchema,
});

/** A guest's cart became the customer's. cart → notification. */
export const cartMerged = defineEvent({
  type: 'cart.merged.v1',
  schema: cartMergedData,
  example: { cartId: 'crt_0192f7c1aaaa70008000000000000010', userId, fromCartId: 'crt_0192f7c1aaaa70008000000000000015', version: 8 },
});

/** A customer left goods in the cart. cart → notification. */
export const cartAbandoned = defineEvent({
  type: 'cart.abandoned.v1',
  schema: cartAbandonedData,
  example: {
    cartId: 'crt_0192f7c1aaaa70008000000000000010',
    userId,
    contact,
    lineCount: 1,
    subtotal: { amount: 9_980, currency: 'EUR' },
    lastChangedAt: '2026-11-19T10:15:30.000Z',
  },
});

const priceDroppedData = z.strictObject({
  userId: idSchema,
  sku: skuSchema,
  productId: idSchema,
  name: z.string().min(1).max(300),
  variantName: z.string().max(300),
  /** The price when it was wished for, or at the last such event. */
  old: moneySchema,
  new: moneySchema,
});

/** Something on a customer's wish list costs less than before. cart → notification. */
export const wishlistPriceDropped = defineEvent({
  type: 'wishlist.price-dropped.v1',
  schema: priceDroppedData,
  example: {
    userId,
    sku: 'LAMP-BRASS-S',
    productId: 'prd_0192f7c1aaaa7000800000000000000a',
    name: 'Brass desk lamp',
    variantName: 'small',
    old: { amount: 4_990, currency: 'EUR' },
    new: { amount: 3_990, currency: 'EUR' },
  },
});

const notificationFailedData = z.strictObject({
  notificationId: idSchema,
  userId: idSchema.optional(),
  channel: z.enum(['email', 'push', 'stream', 'webhook']),
  kind: z.string().min(1).max(100),
  reason: z.string().min(1).max(500),
});
const auditRecordedData = z.strictObject({
  /** Who did it: a user, or `system`. */
  actor: z.strictObject({ id: idSchema, roles: z.array(z.string().max(40)).max(10).optional() }),
  /** Such as `order.refund` or `user.role-change`. */
  action: z.string().min(1).max(100),
  /** What it was done to. */
  target: idSchema,
  /** Changed fields, old and new; never a secret, never a token. */
  difference: z.record(z.string(), z.strictObject({ old: z.unknown().optional(), new: z.unknown().optional() })),
});

/** A message could not be delivered for good. notification → operations. */
export const notificationFailed = defineEvent({
  type: 'notification.failed.v1',
  schema: notificationFailedData,
  example: { notificationId: 'ntf_0192f7c1aaaa70008000000000000016', userId, channel: 'email', kind: 'order-paid', reason: 'mailbox does not exist' },
});

/** Something was done that must be traceable. any service → auth (the audit log). */
export const auditRecorded = defineEvent({
  type: 'audit.recorded.v1',
  schema: auditRecordedData,
  example: {
    actor: { id: 'usr_0192f7c1aaaa70008000000000000017', roles: ['manager'] },
    action: 'product.price-change',
    target: 'LAMP-BRASS-S',
    difference: { price: { old: { amount: 4_990, currency: 'EUR' }, new: { amount: 3_990, currency: 'EUR' } } },
  },
});
