import type { Benefit, Coupon } from '@shopfleet/pricing';
import type { Money } from '@shopfleet/kernel';

/** Collection `coupons`. */
export interface CouponDocument {
  /** The code. */
  readonly _id: string;
  readonly benefit: Benefit;
  readonly minimum?: Money;
  readonly startsAt?: Date;
  readonly endsAt?: Date;
  /** Present: so many orders may use it, and `used` counts them. Never added to a coupon that was made without. */
  readonly usesInAll?: number;
  readonly usesPerCustomer?: number;
  readonly active: boolean;
  /** Orders that use it now; kept only where `usesInAll` is set, for else every order would write to one row. */
  readonly used: number;
  /** Grows with each change of the rules; the ETag. */
  readonly revision: number;
  /** Grows with each change of rules or use; the version of the events. */
  readonly sequence: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Collection `coupon_uses`: one row per order that used a coupon, so that a use is given back at most once. */
export interface CouponUseDocument {
  /** The order's id. */
  readonly _id: string;
  readonly code: string;
  /** Key of the counter in `coupon_customers`. */
  readonly customer: string;
  readonly state: 'taken' | 'given-back';
  readonly at: Date;
  readonly endedAt?: Date;
}

/** Collection `coupon_customers`: how often one customer uses a coupon now. */
export interface CouponCustomerDocument {
  /** Code and customer. */
  readonly _id: string;
  readonly used: number;
}

/** The coupon as it is priced by. */
export const toCoupon = ({ _id, benefit, minimum, startsAt, endsAt, usesInAll, usesPerCustomer, active, used }: CouponDocument): Coupon => ({
  code: _id,
  benefit,
  minimum,
  startsAt: startsAt?.getTime(),
  endsAt: endsAt?.getTime(),
  usesInAll,
  usesPerCustomer,
  active,
  exhausted: usesInAll !== undefined && used >= usesInAll,
});
