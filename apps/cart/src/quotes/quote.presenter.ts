import { money, type Money } from '@shopfleet/kernel';
import { explainRefusal, priceGoods, shippingOffers, type Coupon } from '@shopfleet/pricing';
import { isForSale, lineIdOf, SHOP_CURRENCY, type CartLine } from '../carts/cart.ts';
import type { QuotedCart } from './quote.store.ts';
import type { QuoteView } from './quote.schema.ts';

/** What a cart comes to when it is sent to a country, at the prices of now: the total an order would charge. */
export function quoteOf({ cart, coupon: found }: QuotedCart, country: string, at: number): QuoteView {
  const currency = cart.currency ?? SHOP_CURRENCY;
  const buyable = cart.lines.filter((line) => isForSale(line, cart.currency));
  const coupon = cart.couponCode === undefined ? undefined : (found ?? forgotten(cart.couponCode));
  const lines = buyable.map(({ quantity, entry, priceWhenAdded }) => ({
    unitPrice: entry?.price ?? priceWhenAdded,
    quantity,
    taxClass: entry?.taxClass ?? 'standard',
    weightGrams: entry?.weightGrams ?? 0,
  }));
  const priced = priceGoods({ currency, lines, country, shippingMethod: cart.shippingMethod, coupon, at });
  const { subtotal, discount } = priced.totals;
  const offers = lines.length === 0 ? [] : shippingOffers({ country, weightGrams: priced.weightGrams, value: money(subtotal.amount - discount.amount, currency) });
  return {
    cartId: cart.id,
    cartVersion: cart.version,
    country,
    currency,
    lines: buyable.map((line, i) => {
      const { lineTotal = subtotal, discount: reduction = discount, taxRate = 0, tax = discount, total = subtotal } = priced.lines[i] ?? {};
      const unitPrice = lines[i]?.unitPrice ?? line.priceWhenAdded;
      return {
        ...nameOf(line),
        variantName: line.entry?.variantName ?? '',
        quantity: line.quantity,
        unitPrice,
        lineTotal,
        discount: reduction,
        taxPercent: taxRate / 100,
        tax,
        total,
        inStock: line.inStock,
        ...changeOf(unitPrice, line.priceWhenAdded),
      };
    }),
    unavailable: cart.lines.filter((line) => !buyable.includes(line)).map(nameOf),
    totals: priced.totals,
    shipping: { method: priced.shipping.method, offers, ...(priced.shipping.unavailable !== undefined && { unavailable: priced.shipping.unavailable }) },
    ...(coupon && priced.coupon && { coupon: presentCoupon(coupon, priced.coupon.refusal) }),
  };
}

function presentCoupon(coupon: Coupon, refusal: Parameters<typeof explainRefusal>[1] | undefined): NonNullable<QuoteView['coupon']> {
  if (refusal === undefined) return { code: coupon.code, applied: true };
  return { code: coupon.code, applied: false, reason: refusal, detail: explainRefusal(coupon, refusal) };
}

function nameOf({ sku, entry }: CartLine): { id: string; sku: string; name: string } {
  return { id: lineIdOf(sku), sku, name: entry?.name ?? sku };
}

function changeOf(now: Money, before: Money): { priceChanged: true; previousPrice: Money } | undefined {
  return now.amount === before.amount ? undefined : { priceChanged: true, previousPrice: before };
}

// The shop no longer knows it, which to the shopper is the same as withdrawn.
function forgotten(code: string): Coupon {
  return { code, benefit: { kind: 'free-shipping' }, active: false };
}
