import { currencies, money, type Currency } from '@shopfleet/kernel';
import { isInStock } from '../availability/availability.store.ts';
import { priceBookEntryOf } from '../price-book/price-book.store.ts';
import { shippingMethodIds } from '@shopfleet/pricing';
import type { Cart, CartLine } from './cart.ts';

/** What lua/cart-snapshot.lua answers: status, version, currency, coupon, shipping method, then sku, line, price-book entry and availability of each line. */
export type Snapshot = readonly [status: string, version: string, currency: string, coupon: string, shippingMethod: string, ...lines: string[]];

/** The cart that a script's answer describes. @throws Error when redis-state holds a text that no script of ours wrote. */
export function cartOfSnapshot(id: string, [, version, currency, coupon, shippingMethod, ...texts]: Snapshot): Cart {
  const lines: CartLine[] = [];
  for (let i = 0; i < texts.length; i += 4) {
    const [sku = '', line = '', entry = '', availability = ''] = texts.slice(i, i + 4);
    lines.push(lineOf(sku, line, entry, availability));
  }
  lines.sort((a, b) => a.order - b.order || (a.sku < b.sku ? -1 : 1));
  return {
    id,
    version: Number(version),
    currency: currency === '' ? undefined : currencyOf(currency),
    lines,
    couponCode: coupon === '' ? undefined : coupon,
    shippingMethod: shippingMethodIds.find((method) => method === shippingMethod),
  };
}

function lineOf(sku: string, line: string, entry: string, availability: string): CartLine {
  const [quantity, order, amount, currency] = line.split('|');
  return {
    sku,
    quantity: Number(quantity),
    order: Number(order),
    priceWhenAdded: money(Number(amount), currencyOf(currency ?? '')),
    entry: entry === '' ? undefined : priceBookEntryOf(entry),
    inStock: isInStock(availability),
  };
}

function currencyOf(code: string): Currency {
  const known = currencies.find((currency) => currency === code);
  if (known === undefined) throw new Error(`redis-state holds a cart line in the unknown currency "${code}"`);
  return known;
}
