import { couponChanged, couponNewsOf, createEvent, type CouponRow, type Envelope } from '@shopfleet/contracts';

/** Tells the carts what a coupon is now. */
/** @param causedBy what an order tells that took or gave back a use of it */
export const couponEvent = (row: CouponRow, causedBy?: Envelope): Envelope => createEvent(couponChanged, { source: 'order', subject: row._id, causedBy, data: couponNewsOf(row) });
