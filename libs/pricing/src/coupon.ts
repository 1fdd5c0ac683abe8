import { money, type Money } from '@shopfleet/kernel';
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
}

/** Why a coupon does not hold. `exhausted` is found out by whoever counts the uses. */
export type CouponRefusal = 'withdrawn' | 'not-begun' | 'ended' | 'other-currency' | 'below-minimum' | 'exhausted';

/**
 * Why a coupon does not hold for goods of this value at this moment; undefined when it does.
 * @param at milliseconds since 1970
 */
export function couponRefusal(coupon: Coupon, subtotal: Money, at: number): CouponRefusal | undefined {
  if (!coupon.active) return 'withdrawn';
  if (coupon.startsAt !== undefined && at < coupon.startsAt) return 'not-begun';
  if (coupon.endsAt !== undefined && at >= coupon.endsAt) return 'ended';
  if (coupon.benefit.kind === 'amount' && coupon.benefit.amount.currency !== subtotal.currency) return 'other-currency';
  if (coupon.minimum === undefined) return undefined;
  if (coupon.minimum.currency !== subtotal.currency) return 'other-currency';
  return subtotal.amount < coupon.minimum.amount ? 'below-minimum' : undefined;
}

/** What a coupon that holds takes off the goods; zero for free shipping. Never more than `subtotal`. */
export function discountOf({ benefit }: Coupon, subtotal: Money): Money {
  if (benefit.kind === 'percent') return money(Math.min(share(subtotal.amount, benefit.basisPoints, 10_000), subtotal.amount), subtotal.currency);
  if (benefit.kind === 'amount') return money(Math.min(benefit.amount.amount, subtotal.amount), subtotal.currency);
  return money(0, subtotal.currency);
}
