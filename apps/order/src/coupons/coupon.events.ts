import { couponChanged, createEvent, type Envelope } from '@shopfleet/contracts';
import { toCoupon, type CouponDocument } from './coupon.document.ts';

/** Tells the carts what a coupon is now. */
export const couponEvent = (document: CouponDocument): Envelope => {
  const { code, benefit, minimum, startsAt, endsAt, usesInAll, usesPerCustomer, active, exhausted = false } = toCoupon(document);
  const data = {
    code,
    version: document.sequence,
    benefit,
    minimum,
    startsAt: startsAt === undefined ? undefined : new Date(startsAt).toISOString(),
    endsAt: endsAt === undefined ? undefined : new Date(endsAt).toISOString(),
    usesInAll,
    usesPerCustomer,
    active,
    exhausted,
  };
  return createEvent(couponChanged, { source: 'order', subject: code, data });
};
