import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { imageFailed, type EventOf } from '@shopfleet/contracts';
import { imageFailedKind } from '../mail/kinds/image-failed.ts';
import { Notifier } from './notifier.ts';

@Controller()
export class ImageEventsConsumer {
  constructor(private readonly notifier: Notifier) {}

  @EventPattern<string>(imageFailed.type)
  async failed(@Payload() event: EventOf<typeof imageFailed>): Promise<void> {
    const { productId, reason } = event.data;
    await this.notifier.tell(event, imageFailedKind, { productId, reason }, { role: 'employee' });
  }
}
