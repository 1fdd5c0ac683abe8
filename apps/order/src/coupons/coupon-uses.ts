import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { CouponRow, Envelope } from '@shopfleet/contracts';
import { AppError } from '@shopfleet/kernel';
import { explainRefusal } from '@shopfleet/pricing';
import { Outbox } from '@shopfleet/outbox';
import type { ClientSession } from 'mongodb';
import { couponEvent } from './coupon.events.ts';
import { toCoupon } from './coupon.document.ts';
import { CouponsRepository } from './coupons.repository.ts';

/** Whose use it is: a customer's by the account, a guest's by the address. */
export interface CouponUser {
  readonly userId: string | undefined;
  /** Every guest has one. */
  readonly contact: { readonly email: string } | undefined;
}

/** The rules were changed between pricing and placing: price again. */
export class CouponChangedMeanwhile extends Error {}

/**
 * Counts the uses of coupons, inside the transaction that places an order or ends it. Whoever counts writes the row
 * that limits it, so that of two at once the second sees the first or is tried again.
 */
@Injectable()
export class CouponUses {
  constructor(
    private readonly coupons: CouponsRepository,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Takes a use for an order that was priced by `priced`.
   * @throws AppError `coupon-exhausted`; CouponChangedMeanwhile
   */
  async take(priced: CouponRow, orderId: string, user: CouponUser, session: ClientSession, causedBy?: Envelope): Promise<void> {
    const coupon = await this.coupons.find(priced._id, session);
    if (coupon?.revision !== priced.revision) throw new CouponChangedMeanwhile(`coupon ${priced._id} was changed meanwhile`);
    const customer = customerKey(coupon._id, user);
    await this.coupons.insertUse({ _id: orderId, code: coupon._id, customer, state: 'taken', at: new Date() }, session);
    await this.count(coupon, customer, session, causedBy);
  }

  /**
   * Takes the use again that an order had given back, because it goes on after all.
   * @throws AppError `coupon-exhausted` when others have taken it meanwhile
   */
  async takeAgain(orderId: string, session: ClientSession, causedBy?: Envelope): Promise<void> {
    const use = await this.coupons.renewUse(orderId, session);
    const coupon = use && (await this.coupons.find(use.code, session));
    if (coupon) await this.count(coupon, use.customer, session, causedBy);
  }

  /** Gives the use of an order back that has come to nothing; does nothing the second time. */
  async giveBack(orderId: string, session: ClientSession, causedBy?: Envelope): Promise<void> {
    const use = await this.coupons.endUse(orderId, session);
    if (use === null) return;
    await this.coupons.changeUsesOf(use.customer, -1, session);
    const coupon = await this.coupons.uncountOne(use.code, session);
    const wasExhausted = coupon?.usesInAll !== undefined && coupon.used + 1 >= coupon.usesInAll;
    if (coupon && wasExhausted) await this.outbox.append(session, [couponEvent(coupon, causedBy)]);
  }

  private async count(coupon: CouponRow, customer: string, session: ClientSession, causedBy: Envelope | undefined): Promise<void> {
    if (coupon.usesPerCustomer !== undefined && (await this.coupons.usesOf(customer, session)) >= coupon.usesPerCustomer) throw usedByCustomer(coupon);
    await this.coupons.changeUsesOf(customer, 1, session);
    if (coupon.usesInAll === undefined) return;
    // Last, because it is the row that all takers share: it is held for as short as can be.
    const counted = await this.coupons.countOne(coupon._id, session);
    if (counted === null) throw usedUp(coupon);
    if (counted.used === counted.usesInAll) await this.outbox.append(session, [couponEvent(counted, causedBy)]);
  }
}

const usedUp = (coupon: CouponRow): AppError =>
  new AppError('coupon-exhausted', { detail: explainRefusal(toCoupon(coupon), 'exhausted'), extensions: { couponCode: coupon._id, limit: 'in-all' } });

const usedByCustomer = ({ _id: code, usesPerCustomer }: CouponRow): AppError =>
  new AppError('coupon-exhausted', {
    detail: `The coupon ${code} can be used ${usesPerCustomer === 1 ? 'once' : `${usesPerCustomer} times`} by each customer, and you have done so. Take it out of the cart to go on without it.`,
    extensions: { couponCode: code, limit: 'per-customer' },
  });

// An address is not kept in clear where it only has to be compared.
const customerKey = (code: string, { userId, contact }: CouponUser): string =>
  `${code}|${userId ?? `guest:${createHash('sha256').update(contact?.email.toLowerCase() ?? '').digest('base64url')}`}`;
