import { AppError, money, multiplyMoney, newId, type Money } from '@shopfleet/kernel';
import { priceGoods, type Coupon, type PriceTotals, type ShippingMethodId } from '@shopfleet/pricing';
import { assertTransition, canFollow, isUndecided, type OrderStatus } from './order-status.ts';
import type { OrderEvent } from './order-events.ts';
import { assertExpected, assertHolds, currencyOf } from './placing-rules.ts';
import type { OrderReturn } from './returns.ts';

export interface OrderLine {
  readonly sku: string;
  readonly productId: string;
  readonly partnerId: string | undefined;
  readonly name: string;
  readonly variantName: string | undefined;
  readonly quantity: number;
  readonly unitPrice: Money;
  readonly lineTotal: Money;
  /** The line's part of the coupon's discount. */
  readonly discount: Money;
  /** In hundredths of a percent. */
  readonly taxRate: number;
  readonly tax: Money;
}

export interface Contact {
  readonly email: string;
  readonly locale: string;
}

export interface Address {
  readonly name: string;
  readonly line1: string;
  readonly line2?: string | undefined;
  readonly city: string;
  readonly postalCode: string;
  readonly country: string;
}

/** What the books need to know of an address when its account was erased: tax goes by it. */
export type ErasedAddress = Pick<Address, 'country'>;

/** The parcel at the carrier. */
export interface Tracking {
  readonly carrier: string;
  readonly code: string;
  readonly url?: string | undefined;
}

/** A SKU of which fewer pieces are there than were ordered. */
export interface Shortage {
  readonly sku: string;
  readonly requested: number;
  readonly available: number;
}

export interface TimelineEntry {
  readonly status: OrderStatus;
  readonly at: Date;
  /** Who did it: `shop` for the saga, else the user's id, or `guest`. */
  readonly by: string;
  readonly note?: string;
}

/** One order. It is never changed: each operation below returns the next state and what happened. */
export interface Order {
  readonly id: string;
  readonly number: string;
  readonly status: OrderStatus;
  /** Counts the changes; two writers of the same version cannot both win. */
  readonly version: number;
  /** Absent for a guest's order. */
  readonly userId: string | undefined;
  readonly cart: { readonly id: string; readonly version: number };
  /** Absent once the account was erased. */
  readonly contact: Contact | undefined;
  readonly shippingAddress: Address | ErasedAddress;
  readonly lines: readonly OrderLine[];
  readonly totals: PriceTotals;
  /** The coupon that was used; given back when the order comes to nothing. */
  readonly couponCode: string | undefined;
  readonly shippingMethod: ShippingMethodId;
  readonly paymentToken: string;
  /** Set once the stock is held; no payment starts after it. */
  readonly holdExpiresAt: Date | undefined;
  readonly shortages: readonly Shortage[];
  /** Why the order ended without being paid, or was cancelled. */
  readonly reason: string | undefined;
  readonly tracking: Tracking | undefined;
  /** What has gone back to the customer so far. */
  readonly refunded: Money;
  /** What the customer sends back, the oldest first. */
  readonly returns: readonly OrderReturn[];
  readonly timeline: readonly TimelineEntry[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What an operation on an order comes to: its next state and the events to record with it. */
export interface Decision {
  readonly order: Order;
  readonly events: readonly OrderEvent[];
}

/** A line as it was asked for, with the price the shop has for it. */
export interface PricedLine {
  readonly sku: string;
  readonly productId: string;
  readonly partnerId?: string | undefined;
  readonly name: string;
  readonly variantName?: string | undefined;
  readonly quantity: number;
  readonly price: Money;
  readonly taxClass: string;
  /** Of one piece. */
  readonly weightGrams: number;
}

export interface PlaceOrder {
  readonly number: string;
  readonly userId: string | undefined;
  readonly cart: { readonly id: string; readonly version: number };
  readonly contact: Contact;
  readonly shippingAddress: Address;
  readonly paymentToken: string;
  readonly lines: readonly PricedLine[];
  readonly coupon?: Coupon | undefined;
  readonly shippingMethod?: ShippingMethodId | undefined;
  /** The total the shopper saw; another one is refused rather than charged. */
  readonly expectedTotal?: Money | undefined;
  readonly at: Date;
}

const shop = 'shop';

/**
 * Places an order.
 * @throws AppError `conflict` for an empty cart, mixed currencies, a coupon or a shipping method that does not hold,
 * `coupon-exhausted`, `price-changed` when the shopper expected another total
 */
export const placeOrder = (request: PlaceOrder): Decision => {
  const currency = currencyOf(request.lines);
  const priced = priceGoods({
    currency,
    lines: request.lines.map(({ price, quantity, taxClass, weightGrams }) => ({ unitPrice: price, quantity, taxClass, weightGrams })),
    country: request.shippingAddress.country,
    shippingMethod: request.shippingMethod,
    coupon: request.coupon,
    at: request.at.getTime(),
  });
  assertHolds(priced, request);
  const lines = request.lines.map((line, index): OrderLine => {
    const { lineTotal = multiplyMoney(line.price, line.quantity), discount = money(0, currency), taxRate = 0, tax = money(0, currency) } = priced.lines[index] ?? {};
    return {
      sku: line.sku,
      productId: line.productId,
      partnerId: line.partnerId,
      name: line.name,
      variantName: line.variantName,
      quantity: line.quantity,
      unitPrice: line.price,
      lineTotal,
      discount,
      taxRate,
      tax,
    };
  });
  const { totals } = priced;
  assertExpected(totals.total, request.expectedTotal);
  const order: Order = {
    id: newId('ord'),
    number: request.number,
    status: 'pending',
    version: 1,
    userId: request.userId,
    cart: request.cart,
    contact: request.contact,
    shippingAddress: request.shippingAddress,
    lines,
    totals,
    couponCode: request.coupon?.code,
    shippingMethod: priced.shipping.method,
    paymentToken: request.paymentToken,
    holdExpiresAt: undefined,
    shortages: [],
    reason: undefined,
    tracking: undefined,
    refunded: money(0, currency),
    returns: [],
    timeline: [{ status: 'pending', at: request.at, by: request.userId ?? 'guest' }],
    createdAt: request.at,
    updatedAt: request.at,
  };
  return { order, events: [{ type: 'placed' }] };
};

/** Says again that an order was placed, to whoever has not answered yet. */
export const placeAgain = (order: Order): Decision => ({ order, events: [{ type: 'placed' }] });

/** The stock is held until `expiresAt`; the order now waits for its payment. */
export const holdStock = (order: Order, expiresAt: Date, at: Date): Decision => {
  const reserved = move(order, 'reserved', at, { holdExpiresAt: expiresAt });
  return { order: move(reserved, 'awaiting_payment', at, { version: reserved.version }), events: [] };
};

/** There was not enough stock. */
export const rejectForStock = (order: Order, shortages: readonly Shortage[], at: Date): Decision => ({
  order: move(order, 'rejected', at, { shortages, reason: 'out-of-stock' }),
  events: [{ type: 'rejected', reason: 'out-of-stock' }],
});

/** The money was taken. */
export const confirmPayment = (order: Order, paymentId: string, at: Date): Decision => ({
  order: move(order, 'paid', at, {}),
  events: [{ type: 'payment-succeeded', paymentId }, { type: 'paid', paymentId }],
});

/** The provider refused; the stock goes back. */
export const declinePayment = (order: Order, paymentId: string, reason: string, at: Date): Decision => ({
  order: move(order, 'payment_failed', at, { reason: 'payment-declined' }, reason),
  events: [{ type: 'payment-failed', paymentId, reason }, { type: 'cancelled', reason: 'payment-declined' }],
});

/**
 * Another means of payment after a refusal; the money has to be there by `until`.
 * @throws AppError `invalid-transition`, also for an order that no longer knows where it goes
 */
export const payAgain = (order: Order, token: string, by: string, until: Date, at: Date): Decision => {
  if (!order.contact) throw new AppError('invalid-transition', { detail: 'The account of this order was erased, and its address with it: place a new order.' });
  return { order: move(order, 'awaiting_payment', at, { paymentToken: token, holdExpiresAt: until, reason: undefined }, undefined, by), events: [] };
};

/** The hold came to its end before the payment did. */
export const expireOrder = (order: Order, at: Date): Decision => ({
  order: move(order, 'expired', at, { reason: 'hold-expired' }),
  events: [{ type: 'expired', reason: 'hold-expired' }],
});

/** Called off before shipping, by the customer or the staff. */
export const cancelOrder = (order: Order, by: string, reason: string, at: Date): Decision => ({
  order: move(order, 'cancelled', at, { reason }, reason, by),
  events: [{ type: 'cancelled', reason }],
});

/**
 * Stock was held for an order that had ended meanwhile: says so again, so that the hold is released
 * whatever the order in which the two messages arrived.
 */
export const refuseLateHold = (order: Order): Decision => ({
  order,
  events: [{ type: 'cancelled', reason: order.reason ?? order.status }],
});

/** Handed to the carrier. */
export const shipOrder = (order: Order, tracking: Tracking | undefined, by: string, at: Date): Decision => ({
  order: move(order, 'shipped', at, { tracking }, tracking && `${tracking.carrier} ${tracking.code}`, by),
  events: [{ type: 'shipped', tracking }],
});

/** Handed to the customer. */
export const deliverOrder = (order: Order, by: string, at: Date): Decision => ({
  order: move(order, 'delivered', at, {}, undefined, by),
  events: [{ type: 'delivered' }],
});

/** Paid, but the stock was gone by the time it was to be taken: the order ends, the money goes back. */
export const cancelForStock = (order: Order, shortages: readonly Shortage[], at: Date): Decision => ({
  order: move(order, 'cancelled', at, { shortages, reason: 'out-of-stock' }, 'out-of-stock'),
  events: [{ type: 'cancelled', reason: 'out-of-stock' }],
});

/** The money was taken at some time, whatever became of the order since. */
export const wasPaid = (order: Order): boolean => order.timeline.some(({ status }) => status === 'paid');

/** True when stock may be held for the order; false when it has ended, or the hold is known already. */
export const awaitsStock = (order: Order): boolean => order.status === 'pending';

/** True when a hold that arrives now has nobody left to wait for it. */
export const endedWithoutPayment = (order: Order): boolean =>
  !isUndecided(order.status) && ['rejected', 'payment_failed', 'expired', 'cancelled'].includes(order.status);

/** The goods have left the house: whatever the stock says, nothing can be called off. */
export const isOutOfReach = (order: Order): boolean => order.timeline.some(({ status }) => status === 'shipped');

/** True when `status` may still follow. */
export const mayBecome = (order: Order, status: OrderStatus): boolean => canFollow(order.status, status);

/** @throws AppError `invalid-transition` */
export const move = (order: Order, status: OrderStatus, at: Date, changes: Partial<Order>, note?: string, by: string = shop): Order => {
  assertTransition(order.status, status);
  const entry: TimelineEntry = note === undefined ? { status, at, by } : { status, at, by, note };
  return { ...order, version: order.version + 1, ...changes, status, updatedAt: at, timeline: [...order.timeline, entry] };
};
