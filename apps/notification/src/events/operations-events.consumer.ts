import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { notificationFailed, type EventOf } from '@shopfleet/contracts';
import { deliveryFailed } from '../mail/kinds/delivery-failed.ts';
import { Notifier } from './notifier.ts';

@Controller()
export class OperationsEventsConsumer {
  constructor(private readonly notifier: Notifier) {}

  @EventPattern<string>(notificationFailed.type)
  async failed(@Payload() event: EventOf<typeof notificationFailed>): Promise<void> {
    const { kind, channel, reason } = event.data;
    await this.notifier.tell(event, deliveryFailed, { kind, channel, reason }, { role: 'admin' });
  }
}
