import { AppError, type Currency, type Money } from '@shopfleet/kernel';
import { explainRefusal, type PricedGoods } from '@shopfleet/pricing';
import type { PlaceOrder, PricedLine } from './order.ts';

/** @throws AppError `conflict` for an empty cart and for mixed currencies */
export const currencyOf = (lines: readonly PricedLine[]): Currency => {
  const [first] = lines;
  if (!first) throw new AppError('conflict', { detail: 'The cart is empty: put something into it, then order again.' });
  if (lines.some((line) => line.price.currency !== first.price.currency)) {
    throw new AppError('conflict', { detail: 'The cart holds prices in several currencies: keep those of one and order again.' });
  }
  return first.price.currency;
};

/**
 * What the quote shows and leaves out, an order refuses: nobody pays for what they did not choose.
 * @throws AppError `conflict` or `coupon-exhausted`
 */
export const assertHolds = ({ coupon, shipping }: PricedGoods, request: PlaceOrder): void => {
  if (request.coupon && coupon?.refusal !== undefined) {
    const code = coupon.refusal === 'exhausted' ? 'coupon-exhausted' : 'conflict';
    throw new AppError(code, { detail: explainRefusal(request.coupon, coupon.refusal), extensions: { couponCode: coupon.code, refusal: coupon.refusal } });
  }
  if (shipping.unavailable !== undefined) {
    throw new AppError('conflict', {
      detail: `We do not deliver to ${request.shippingAddress.country} by ${shipping.unavailable}. Choose another way of shipping and order again.`,
      extensions: { shippingMethod: shipping.unavailable },
    });
  }
};

/** @throws AppError `price-changed` */
export const assertExpected = (total: Money, expected: Money | undefined): void => {
  if (!expected || (expected.amount === total.amount && expected.currency === total.currency)) return;
  throw new AppError('price-changed', {
    detail: 'The total is no longer the one you saw: look at the cart again, then order at the new total.',
    extensions: { total, expectedTotal: expected },
  });
};
