import { formatMoney, money, type Money } from '@shopfleet/kernel';
import { share } from './whole-units.ts';

/** What a coupon gives. */
export type Benefit =
  /** Hundredths of a percent of the goods: 1,000 is 10 %. */
  | { readonly kind: 'percent'; readonly basisPoints: number }
  /** This much off the goods, but never more than they cost. */
  | { readonly kind: 'amount'; readonly amount: Money }
  /** The standard way of shipping costs nothing; a faster one that is chosen is paid for. */
  | { readonly kind: 'free-shipping' };

/** A coupon as its rules are written down. The limits of use are data here; whoever takes orders counts and enforces them. */
export interface Coupon {
  /** Capitals, digits and dashes, as a shopper types it. */
  readonly code: string;
  readonly benefit: Benefit;
  /** Value of the goods from which on it holds; also fixes the currency. */
  readonly minimum?: Money | undefined;
  /** First and last moment, in milliseconds since 1970; absent: without a beginning or an end. */
  readonly startsAt?: number | undefined;
  readonly endsAt?: number | undefined;
  readonly usesInAll?: number | undefined;
  readonly usesPerCustomer?: number | undefined;
  /** False: withdrawn by the staff. */
  readonly active: boolean;
  /** True: used as often as it may be, says who counts. */
  readonly exhausted?: boolean | undefined;
}

/** Why a coupon does not hold. */
export type CouponRefusal = 'withdrawn' | 'not-begun' | 'ended' | 'other-currency' | 'below-minimum' | 'exhausted';

/**
 * Why a coupon does not hold for goods of this value at this moment; undefined when it does.
 * @param at milliseconds since 1970
 */
export function couponRefusal(coupon: Coupon, subtotal: Money, at: number): CouponRefusal | undefined {
  const standing = standingRefusal(coupon, at);
  if (standing !== undefined) return standing;
  if (coupon.benefit.kind === 'amount' && coupon.benefit.amount.currency !== subtotal.currency) return 'other-currency';
  if (coupon.minimum === undefined) return undefined;
  if (coupon.minimum.currency !== subtotal.currency) return 'other-currency';
  return subtotal.amount < coupon.minimum.amount ? 'below-minimum' : undefined;
}

/** Why a coupon holds for nothing at all at this moment; undefined when it is up to the goods. */
export function standingRefusal({ active, startsAt, endsAt, exhausted }: Coupon, at: number): CouponRefusal | undefined {
  if (!active) return 'withdrawn';
  if (startsAt !== undefined && at < startsAt) return 'not-begun';
  if (endsAt !== undefined && at >= endsAt) return 'ended';
  return exhausted === true ? 'exhausted' : undefined;
}

/** What a coupon that holds takes off the goods; zero for free shipping. Never more than `subtotal`. */
export function discountOf({ benefit }: Coupon, subtotal: Money): Money {
  if (benefit.kind === 'percent') return money(Math.min(share(subtotal.amount, benefit.basisPoints, 10_000), subtotal.amount), subtotal.currency);
  if (benefit.kind === 'amount') return money(Math.min(benefit.amount.amount, subtotal.amount), subtotal.currency);
  return money(0, subtotal.currency);
}

/** One sentence for the shopper: why the coupon does not hold, and what to do. */
export function explainRefusal({ code, minimum, startsAt }: Coupon, refusal: CouponRefusal): string {
  const withoutIt = 'Take it out of the cart to go on without it.';
  switch (refusal) {
    case 'withdrawn':
      return `The coupon ${code} is no longer valid. ${withoutIt}`;
    case 'not-begun':
      return `The coupon ${code} is not valid yet${startsAt === undefined ? '' : `: it begins on ${new Date(startsAt).toISOString().slice(0, 10)}`}. ${withoutIt}`;
    case 'ended':
      return `The coupon ${code} has expired. ${withoutIt}`;
    case 'other-currency':
      return `The coupon ${code} is not for goods in this currency. ${withoutIt}`;
    case 'below-minimum':
      return `The coupon ${code} holds from ${minimum === undefined ? 'a higher value' : formatMoney(minimum, 'en')} on. Add something, or take it out of the cart.`;
    case 'exhausted':
      return `The coupon ${code} has been used as often as it may be. ${withoutIt}`;
  }
}
