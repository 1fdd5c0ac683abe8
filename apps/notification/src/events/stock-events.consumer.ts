import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { stockLow, type EventOf } from '@shopfleet/contracts';
import { stockLowKind } from '../mail/kinds/stock-low.ts';
import { Notifier } from './notifier.ts';

/** Token of the mailbox that hears of low stock; empty for none. */
export const STAFF_EMAIL = Symbol('STAFF_EMAIL');

@Controller()
export class StockEventsConsumer {
  constructor(
    private readonly notifier: Notifier,
    @Inject(STAFF_EMAIL) private readonly staffEmail: string,
  ) {}

  @EventPattern<string>(stockLow.type)
  async low(@Payload() event: EventOf<typeof stockLow>): Promise<void> {
    const { sku, productId, available, lowAt } = event.data;
    await this.notifier.tell(event, stockLowKind, { sku, productId, available, lowAt }, {
      role: 'employee',
      ...(this.staffEmail !== '' && { contact: { email: this.staffEmail, locale: 'en' } }),
    });
  }
}
