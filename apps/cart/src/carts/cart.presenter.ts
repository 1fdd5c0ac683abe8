import { multiplyMoney, sumMoney } from '@shopfleet/kernel';
import { isForSale, lineIdOf, SHOP_CURRENCY, type Cart, type CartLine } from './cart.ts';
import type { CartOwner } from './cart-owner.ts';
import type { CartView, CheckoutCartView } from './cart.schema.ts';

type LineView = CartView['lines'][number];

/** The cart as its shopper sees it, at the prices of this moment. */
export function presentCart(cart: Cart, owner: CartOwner): CartView {
  const currency = cart.currency ?? SHOP_CURRENCY;
  const forSale = cart.lines.filter((line) => isForSale(line, cart.currency));
  const totals = forSale.map(({ quantity, entry, priceWhenAdded }) => multiplyMoney(entry?.price ?? priceWhenAdded, quantity));
  return {
    id: cart.id,
    version: cart.version,
    lines: cart.lines.map((line) => presentLine(line, cart)),
    subtotal: sumMoney(totals, currency),
    currency,
    ...choicesOf(cart),
    ...(owner.token !== undefined && { cartToken: owner.token }),
  };
}

/** The cart as the order service needs it: what is to be bought, without prices, which order has from its own book. */
export function presentForCheckout(cart: Cart, owner: CartOwner): CheckoutCartView {
  return {
    id: cart.id,
    version: cart.version,
    ...(owner.userId !== undefined && { userId: owner.userId }),
    currency: cart.currency ?? SHOP_CURRENCY,
    ...choicesOf(cart),
    lines: cart.lines.map(({ sku, quantity }) => ({ sku, quantity })),
  };
}

function choicesOf({ couponCode, shippingMethod }: Cart): Pick<CheckoutCartView, 'couponCode' | 'shippingMethod'> {
  return { ...(couponCode !== undefined && { couponCode }), ...(shippingMethod !== undefined && { shippingMethod }) };
}

function presentLine(line: CartLine, cart: Cart): LineView {
  const { sku, quantity, entry, priceWhenAdded } = line;
  const isSold = isForSale(line, cart.currency);
  const price = isSold && entry !== undefined ? entry.price : priceWhenAdded;
  const changed = price.amount !== priceWhenAdded.amount;
  return {
    id: lineIdOf(sku),
    sku,
    ...(entry !== undefined && { productId: entry.productId }),
    name: entry?.name ?? sku,
    variantName: entry?.variantName ?? '',
    quantity,
    price,
    lineTotal: multiplyMoney(price, quantity),
    available: isSold && line.inStock,
    ...(changed && { priceChanged: true, previousPrice: priceWhenAdded }),
  };
}
