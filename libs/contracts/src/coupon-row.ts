import type { EventOf } from './envelope.ts';
import type { couponChanged } from './order-events.ts';

type CouponNews = EventOf<typeof couponChanged>['data'];

/** A coupon as the order service keeps it (collection `coupons`): the row that `coupon.changed.v1` is made of. */
export interface CouponRow extends Omit<CouponNews, 'code' | 'version' | 'startsAt' | 'endsAt' | 'exhausted'> {
  /** The code. */
  readonly _id: string;
  readonly startsAt?: Date;
  readonly endsAt?: Date;
  /** Orders that use it now; kept only where `usesInAll` is set (never added to a coupon made without), for else every order would write to one row. */
  readonly used: number;
  /** Grows with each change of the rules; the ETag. */
  readonly revision: number;
  /** Grows with each change of rules or use; the version of the events. */
  readonly sequence: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** True: used as often as it may be. */
export const isUsedUp = ({ usesInAll, used }: CouponRow): boolean => usesInAll !== undefined && used >= usesInAll;

/** What the carts are told of a coupon, by an event or by a snapshot of all. */
export function couponNewsOf(row: CouponRow): CouponNews {
  const { _id, benefit, minimum, startsAt, endsAt, usesInAll, usesPerCustomer, active, sequence } = row;
  return {
    code: _id,
    version: sequence,
    benefit,
    minimum,
    startsAt: startsAt?.toISOString(),
    endsAt: endsAt?.toISOString(),
    usesInAll,
    usesPerCustomer,
    active,
    exhausted: isUsedUp(row),
  };
}
