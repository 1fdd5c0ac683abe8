import { Injectable } from '@nestjs/common';
import {
  createEvent,
  orderCancelled,
  orderDelivered,
  orderExpired,
  orderPaid,
  orderPlaced,
  orderRefunded,
  orderRejected,
  orderReturnRequested,
  orderShipped,
  paymentFailed,
  paymentRefunded,
  paymentSucceeded,
  type CouponRow,
  type Envelope,
} from '@shopfleet/contracts';
import type { Intent } from '@shopfleet/idempotency';
import { Outbox } from '@shopfleet/outbox';
import type { ClientSession } from 'mongodb';
import { CouponUses } from '../coupons/coupon-uses.ts';
import { endedWithoutPayment, type Contact, type Decision, type Order } from './domain/order.ts';
import type { OrderEvent } from './domain/order-events.ts';
import { OrdersRepository } from './orders.repository.ts';

/** A new order, what is told of it, and the coupon by which it was priced. */
export interface Placement {
  readonly decision: Decision;
  readonly envelopes: readonly Envelope[];
  readonly intent: Intent;
  readonly coupon: CouponRow | undefined;
}

/** An order as it was read, what was decided, and what is told of it. */
export interface Step {
  readonly before: Order;
  readonly decision: Decision;
  readonly envelopes: readonly Envelope[];
}

/** Records what was decided: the order's next state and its events, in the caller's transaction. */
@Injectable()
export class OrderRecorder {
  constructor(
    private readonly orders: OrdersRepository,
    private readonly outbox: Outbox,
    private readonly coupons: CouponUses,
  ) {}

  /**
   * New orders.
   * @throws AppError `coupon-exhausted`; CouponChangedMeanwhile
   */
  async recordNew(placements: readonly Placement[], session: ClientSession): Promise<void> {
    await this.orders.insertAll(placements.map(({ decision: { order }, intent }) => ({ order, intent })), session);
    await this.outbox.append(session, placements.flatMap(({ envelopes }) => envelopes));
    for (const { decision: { order }, envelopes: [told], coupon } of placements) if (coupon) await this.coupons.take(coupon, order.id, order, session, told);
  }

  /**
   * Gives the coupon back with the order that ends without a payment, and takes it again with one that goes on after all.
   * @throws OrderChangedMeanwhile; AppError `coupon-exhausted`
   */
  async record(before: Order, decision: Decision, session: ClientSession, causedBy?: Envelope): Promise<void> {
    await this.recordAll([{ before, decision, envelopes: envelopesOf(decision, causedBy) }], session);
  }

  /** The same for several orders at once. */
  async recordAll(steps: readonly Step[], session: ClientSession): Promise<void> {
    const changes = steps.map(({ before, decision: { order }, envelopes: [told] }) => ({ before, order, told })).filter(({ before, order }) => order !== before);
    await this.orders.replaceAll(changes, session);
    await this.outbox.append(session, steps.flatMap(({ envelopes }) => envelopes));
    for (const { before, order, told } of changes) {
      if (order.couponCode === undefined || endedWithoutPayment(before) === endedWithoutPayment(order)) continue;
      if (endedWithoutPayment(order)) await this.coupons.giveBack(order.id, session, told);
      else await this.coupons.takeAgain(order.id, session, told);
    }
  }
}

/** What is told of a decision. Made in the context of the request or message that led to it, whose id the events carry. */
export const envelopesOf = ({ order, events }: Decision, causedBy?: Envelope): readonly Envelope[] => events.map((event) => toEnvelope(order, event, causedBy));

/** The contract's event for what happened to an order. */
export function toEnvelope(order: Order, event: OrderEvent, causedBy?: Envelope): Envelope {
  const about = { source: 'order', subject: order.id, causedBy };
  const who = { orderId: order.id, number: order.number, userId: order.userId, contact: order.contact };
  const named = (): typeof who & { contact: Contact } => ({ ...who, contact: contactOf(order) });
  const bought = () => ({ ...named(), cartId: order.cart.id, lines: [...order.lines], totals: order.totals, couponCode: order.couponCode, shippingMethod: order.shippingMethod });
  const { total: amount } = order.totals;
  switch (event.type) {
    case 'placed':
      return createEvent(orderPlaced, { ...about, data: { ...bought(), cartVersion: order.cart.version } });
    case 'paid':
      return createEvent(orderPaid, { ...about, data: { ...bought(), paymentId: event.paymentId } });
    case 'rejected':
      return createEvent(orderRejected, { ...about, data: { ...named(), reason: event.reason, shortages: [...order.shortages] } });
    case 'cancelled':
      return createEvent(orderCancelled, { ...about, data: { ...who, reason: event.reason } });
    case 'expired':
      return createEvent(orderExpired, { ...about, data: { ...who, reason: event.reason } });
    case 'shipped':
      return createEvent(orderShipped, { ...about, data: { ...named(), tracking: event.tracking } });
    case 'delivered':
      return createEvent(orderDelivered, { ...about, data: { ...named(), tracking: order.tracking } });
    case 'return-requested':
      return createEvent(orderReturnRequested, { ...about, data: { ...who, returnId: event.returnId, lines: [...event.lines], reason: event.reason } });
    case 'refunded':
      return createEvent(orderRefunded, { ...about, data: { ...who, refundId: event.refundId, amount: event.amount, restock: [...event.restock], reason: event.reason } });
    case 'payment-refunded': {
      const { paymentId, refundId, reason } = event;
      return createEvent(paymentRefunded, { ...about, data: { orderId: order.id, paymentId, refundId, amount: event.amount, reason } });
    }
    case 'payment-succeeded':
      return createEvent(paymentSucceeded, { ...about, data: { orderId: order.id, paymentId: event.paymentId, amount } });
    case 'payment-failed':
      return createEvent(paymentFailed, { ...about, data: { orderId: order.id, paymentId: event.paymentId, amount, reason: event.reason } });
  }
}

/** Of an order that is on its way: only what has ended is ever erased. */
function contactOf({ id, contact }: Order): Contact {
  if (!contact) throw new Error(`order ${id} was erased and goes on all the same`);
  return contact;
}
