import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import {
  orderCancelled, orderDelivered, orderExpired, orderPaid, orderPlaced, orderRefunded, orderRejected, orderShipped, type EventOf,
} from '@shopfleet/contracts';
import { orderCancelledKind, type CancelReason } from '../mail/kinds/order-cancelled.ts';
import { orderDeliveredKind } from '../mail/kinds/order-delivered.ts';
import { orderPaidKind } from '../mail/kinds/order-paid.ts';
import { orderPlacedKind } from '../mail/kinds/order-placed.ts';
import { orderRefundedKind } from '../mail/kinds/order-refunded.ts';
import { orderRejectedKind } from '../mail/kinds/order-rejected.ts';
import { orderShippedKind } from '../mail/kinds/order-shipped.ts';
import { Notifier } from './notifier.ts';

/** Writes to those who ordered. An event without a contact is of an account that was erased since: nobody is left to tell. */
@Controller()
export class OrderEventsConsumer {
  constructor(private readonly notifier: Notifier) {}

  @EventPattern<string>(orderPlaced.type)
  async placed(@Payload() event: EventOf<typeof orderPlaced>): Promise<void> {
    const { orderId, number, totals, userId } = event.data;
    await this.notifier.tell(event, orderPlacedKind, { orderId, number, total: totals.total }, { userId, contact: event.data.contact });
  }

  @EventPattern<string>(orderPaid.type)
  async paid(@Payload() event: EventOf<typeof orderPaid>): Promise<void> {
    const { orderId, number, lines, totals } = event.data;
    await this.notifier.tell(event, orderPaidKind, { orderId, number, lines, totals }, event.data);
  }

  @EventPattern<string>(orderRejected.type)
  async rejected(@Payload() event: EventOf<typeof orderRejected>): Promise<void> {
    const { orderId, number } = event.data;
    await this.notifier.tell(event, orderRejectedKind, { orderId, number }, event.data);
  }

  @EventPattern<string>(orderCancelled.type)
  async cancelled(@Payload() event: EventOf<typeof orderCancelled>): Promise<void> {
    const { orderId, number, reason, userId, contact } = event.data;
    if (contact) await this.notifier.tell(event, orderCancelledKind, { orderId, number, reason: cancelReason(reason) }, { userId, contact });
  }

  @EventPattern<string>(orderExpired.type)
  async expired(@Payload() event: EventOf<typeof orderExpired>): Promise<void> {
    const { orderId, number, userId, contact } = event.data;
    if (contact) await this.notifier.tell(event, orderCancelledKind, { orderId, number, reason: 'expired' }, { userId, contact });
  }

  @EventPattern<string>(orderShipped.type)
  async shipped(@Payload() event: EventOf<typeof orderShipped>): Promise<void> {
    const { orderId, number, tracking } = event.data;
    await this.notifier.tell(event, orderShippedKind, { orderId, number, ...(tracking !== undefined && { tracking }) }, event.data);
  }

  @EventPattern<string>(orderDelivered.type)
  async delivered(@Payload() event: EventOf<typeof orderDelivered>): Promise<void> {
    const { orderId, number } = event.data;
    await this.notifier.tell(event, orderDeliveredKind, { orderId, number }, event.data);
  }

  @EventPattern<string>(orderRefunded.type)
  async refunded(@Payload() event: EventOf<typeof orderRefunded>): Promise<void> {
    const { orderId, number, amount, userId, contact } = event.data;
    if (contact) await this.notifier.tell(event, orderRefundedKind, { orderId, number, amount }, { userId, contact });
  }
}

function cancelReason(reason: string): CancelReason {
  if (reason === 'payment-declined') return 'declined';
  return reason === 'hold-expired' ? 'expired' : 'cancelled';
}
