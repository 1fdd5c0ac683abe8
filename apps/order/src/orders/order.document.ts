import type { Intent } from '@shopfleet/idempotency';
import type { Document } from 'mongodb';
import type { Order } from './domain/order.ts';

/** An order as MongoDB keeps it. Absent optional members are not stored. */
export type OrderDocument = Omit<Order, 'id'> & {
  readonly _id: string;
  /** Principal, route and Idempotency-Key of the request that placed it: one request, one order. */
  readonly effectKey: string;
  /** What that request asked for. */
  readonly effectFingerprint?: string;
  /** How often the stock was asked again. */
  readonly asked?: number;
  /** The statistics do not show the order as it is now. */
  readonly uncounted?: true;
};

/** The document of a new order. */
export const toDocument = ({ id, ...order }: Order, intent: Intent): OrderDocument => ({ _id: id, ...order, effectKey: intent.key, effectFingerprint: intent.fingerprint });

/** The order that a document holds. */
export const toOrder = (document: OrderDocument): Order => ({
  id: document._id,
  number: document.number,
  status: document.status,
  version: document.version,
  userId: document.userId,
  cart: document.cart,
  contact: document.contact,
  shippingAddress: document.shippingAddress,
  lines: document.lines,
  totals: document.totals,
  couponCode: document.couponCode,
  shippingMethod: document.shippingMethod,
  paymentToken: document.paymentToken,
  holdExpiresAt: document.holdExpiresAt,
  shortages: document.shortages,
  reason: document.reason,
  tracking: document.tracking,
  // Orders of before there were returns hold neither.
  refunded: document.refunded ?? { amount: 0, currency: document.totals.total.currency },
  returns: document.returns ?? [],
  timeline: document.timeline,
  createdAt: document.createdAt,
  updatedAt: document.updatedAt,
});

/** What the shop itself writes as the reason of a cancelled order; others were typed by somebody. */
const ownReasons = ['cancelled-by-customer', 'payment-declined', 'out-of-stock'];
const typed = 'erased';

/**
 * The update that leaves of an order what the books need: lines, amounts, the country of delivery. Whoever changes the
 * order at the same moment has read another version, and fails.
 */
export const erased: Document[] = [
  { $unset: ['contact', 'tracking', 'effectFingerprint', 'timeline.note'] },
  {
    $replaceWith: {
      $mergeObjects: [
        '$$ROOT',
        {
          // Named by what is kept: a member that an address gets later is not.
          shippingAddress: { country: '$shippingAddress.country' },
          returns: { $map: { input: { $ifNull: ['$returns', []] }, in: { $mergeObjects: ['$$this', { reason: typed }] } } },
          reason: { $cond: [{ $and: [{ $eq: ['$status', 'cancelled'] }, { $not: [{ $in: ['$reason', ownReasons] }] }] }, typed, '$reason'] },
          version: { $add: ['$version', 1] },
        },
      ],
    },
  },
];
