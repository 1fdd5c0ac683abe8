import { Injectable } from '@nestjs/common';
import {
  createEvent,
  orderCancelled,
  orderDelivered,
  orderExpired,
  orderPaid,
  orderPlaced,
  orderRejected,
  orderShipped,
  paymentFailed,
  paymentSucceeded,
  type Envelope,
} from '@shopfleet/contracts';
import { Outbox } from '@shopfleet/outbox';
import type { ClientSession } from 'mongodb';
import type { Decision, Order } from './domain/order.ts';
import type { OrderEvent } from './domain/order-events.ts';
import { OrdersRepository } from './orders.repository.ts';

/** Records what was decided: the order's next state and its events, in the caller's transaction. */
@Injectable()
export class OrderRecorder {
  constructor(
    private readonly orders: OrdersRepository,
    private readonly outbox: Outbox,
  ) {}

  async recordNew({ order, events }: Decision, effectKey: string, session: ClientSession): Promise<void> {
    await this.orders.insert(order, effectKey, session);
    await this.append(order, events, undefined, session);
  }

  /** @throws OrderChangedMeanwhile */
  async record(before: Order, { order, events }: Decision, session: ClientSession, causedBy?: Envelope): Promise<void> {
    if (order !== before) await this.orders.replace(before, order, session);
    if (events.length > 0) await this.append(order, events, causedBy, session);
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
  const bought = { ...who, cartId: order.cart.id, lines: [...order.lines], totals: order.totals };
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
    case 'payment-succeeded':
      return createEvent(paymentSucceeded, { ...about, data: { orderId: order.id, paymentId: event.paymentId, amount } });
    case 'payment-failed':
      return createEvent(paymentFailed, { ...about, data: { orderId: order.id, paymentId: event.paymentId, amount, reason: event.reason } });
  }
}
