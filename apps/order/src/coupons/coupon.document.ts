import { isUsedUp, type CouponRow } from '@shopfleet/contracts';
import type { Coupon } from '@shopfleet/pricing';

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
export function toCoupon(row: CouponRow): Coupon {
  const { _id, benefit, minimum, startsAt, endsAt, usesInAll, usesPerCustomer, active } = row;
  return { code: _id, benefit, minimum, startsAt: startsAt?.getTime(), endsAt: endsAt?.getTime(), usesInAll, usesPerCustomer, active, exhausted: isUsedUp(row) };
}
