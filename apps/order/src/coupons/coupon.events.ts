import { couponChanged, couponNewsOf, createEvent, type CouponRow, type Envelope } from '@shopfleet/contracts';

/** Tells the carts what a coupon is now. */
export const couponEvent = (row: CouponRow): Envelope => createEvent(couponChanged, { source: 'order', subject: row._id, data: couponNewsOf(row) });
