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
  type Envelope,
} from '@shopfleet/contracts';
import { Outbox } from '@shopfleet/outbox';
import type { ClientSession } from 'mongodb';
import { CouponUses } from '../coupons/coupon-uses.ts';
import type { CouponDocument } from '../coupons/coupon.document.ts';
import { endedWithoutPayment, type Decision, type Order } from './domain/order.ts';
import type { OrderEvent } from './domain/order-events.ts';
import { OrdersRepository } from './orders.repository.ts';

/** Records what was decided: the order's next state and its events, in the caller's transaction. */
@Injectable()
export class OrderRecorder {
  constructor(
    private readonly orders: OrdersRepository,
    private readonly outbox: Outbox,
    private readonly coupons: CouponUses,
  ) {}

  /**
   * @param coupon as the order was priced by it
   * @throws AppError `coupon-exhausted`; CouponChangedMeanwhile
   */
  async recordNew({ order, events }: Decision, effectKey: string, coupon: CouponDocument | undefined, session: ClientSession): Promise<void> {
    await this.orders.insert(order, effectKey, session);
    await this.append(order, events, undefined, session);
    if (coupon) await this.coupons.take(coupon, order.id, order, session);
  }

  /**
   * Gives the coupon back with the order that ends without a payment, and takes it again with one that goes on after all.
   * @throws OrderChangedMeanwhile; AppError `coupon-exhausted`
   */
  async record(before: Order, { order, events }: Decision, session: ClientSession, causedBy?: Envelope): Promise<void> {
    if (order !== before) await this.orders.replace(before, order, session);
    if (events.length > 0) await this.append(order, events, causedBy, session);
    if (order.couponCode === undefined || endedWithoutPayment(before) === endedWithoutPayment(order)) return;
    if (endedWithoutPayment(order)) await this.coupons.giveBack(order.id, session);
    else await this.coupons.takeAgain(order.id, session);
  }

  private async append(order: Order, events: readonly OrderEvent[], causedBy: Envelope | undefined, session: ClientSession): Promise<void> {
    await this.outbox.append(
      session,
      events.map((event) => toEnvelope(order, event, causedBy)),
    );
  }
}

/** The contract's event for what happened to an order. */
export function toEnvelope(order: Order, event: OrderEvent, causedBy?: Envelope): Envelope {
  const about = { source: 'order', subject: order.id, causedBy };
  const who = { orderId: order.id, number: order.number, userId: order.userId, contact: order.contact };
  const bought = { ...who, cartId: order.cart.id, lines: [...order.lines], totals: order.totals, couponCode: order.couponCode, shippingMethod: order.shippingMethod };
  const { total: amount } = order.totals;
  switch (event.type) {
    case 'placed':
      return createEvent(orderPlaced, { ...about, data: { ...bought, cartVersion: order.cart.version } });
    case 'paid':
      return createEvent(orderPaid, { ...about, data: { ...bought, paymentId: event.paymentId } });
    case 'rejected':
      return createEvent(orderRejected, { ...about, data: { ...who, reason: event.reason, shortages: [...order.shortages] } });
    case 'cancelled':
      return createEvent(orderCancelled, { ...about, data: { ...who, reason: event.reason } });
    case 'expired':
      return createEvent(orderExpired, { ...about, data: { ...who, reason: event.reason } });
    case 'shipped':
      return createEvent(orderShipped, { ...about, data: { ...who, tracking: event.tracking } });
    case 'delivered':
      return createEvent(orderDelivered, { ...about, data: { ...who, tracking: order.tracking } });
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
