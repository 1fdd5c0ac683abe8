import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { stockLow, type EventOf } from '@shopfleet/contracts';
import { stockLowKind } from '../mail/kinds/stock-low.ts';
import { Notifier } from './notifier.ts';

@Controller()
export class StockEventsConsumer {
  constructor(private readonly notifier: Notifier) {}

  @EventPattern<string>(stockLow.type)
  async low(@Payload() event: EventOf<typeof stockLow>): Promise<void> {
    const { sku, productId, available, lowAt } = event.data;
    await this.notifier.tell(event, stockLowKind, { sku, productId, available, lowAt }, { role: 'employee' });
  }
}
