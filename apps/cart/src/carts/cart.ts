import type { PriceBookEntry } from '@shopfleet/contracts';
import type { Currency, Money } from '@shopfleet/kernel';
import type { ShippingMethodId } from '@shopfleet/pricing';

/** Most different lines of a cart. */
export const MOST_LINES = 100;

/** Most pieces of one line. */
export const MOST_PIECES = 99;

/** The currency an empty cart is shown in; the first line decides. */
export const SHOP_CURRENCY: Currency = 'EUR';

/** One SKU in a cart. */
export interface CartLine {
  readonly sku: string;
  readonly quantity: number;
  /** Lines are shown in the order in which they were added. */
  readonly order: number;
  /** The price when the shopper last put it in. */
  readonly priceWhenAdded: Money;
  /** What the shop knows of the SKU now; undefined when the price book has lost or never had it. */
  readonly entry: PriceBookEntry | undefined;
  /** False when the SKU was sold out a moment ago: a hint, for the stock itself decides at the order. */
  readonly inStock: boolean;
}

/** A cart at one moment, with the prices of that moment. */
export interface Cart {
  readonly id: string;
  /** Grows by one with every change; 0 for a cart nobody has put anything into. */
  readonly version: number;
  readonly currency: Currency | undefined;
  readonly lines: readonly CartLine[];
  /** The coupon the shopper named; whether it holds is for the quote and the order to say. */
  readonly couponCode: string | undefined;
  readonly shippingMethod: ShippingMethodId | undefined;
}

const LINE_PREFIX = 'lin_';

/** A line's id says which SKU it holds, so that a line is found without a search. */
export function lineIdOf(sku: string): string {
  return LINE_PREFIX + Buffer.from(sku, 'utf8').toString('base64url');
}

/** The SKU of a line id, or undefined for a text that is none. */
export function skuOfLineId(lineId: string): string | undefined {
  if (!lineId.startsWith(LINE_PREFIX)) return undefined;
  const sku = Buffer.from(lineId.slice(LINE_PREFIX.length), 'base64url').toString('utf8');
  return sku !== '' && lineIdOf(sku) === lineId ? sku : undefined;
}

/** Whether the shop sells it, in the currency of its cart. */
export function isForSale(line: CartLine, currency: Currency | undefined): boolean {
  return line.entry !== undefined && line.entry.active && line.entry.price.currency === currency;
}
