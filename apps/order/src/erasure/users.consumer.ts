import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { EventOf, userErased } from '@shopfleet/contracts';
import { Inbox } from '@shopfleet/outbox';
import { Eraser } from './eraser.ts';

/** Hears of accounts. */
@Controller()
export class UsersConsumer {
  constructor(
    private readonly inbox: Inbox,
    private readonly eraser: Eraser,
  ) {}

  @EventPattern<string>('user.erased.v1')
  async onErased(@Payload() event: EventOf<typeof userErased>): Promise<void> {
    await this.inbox.once('erasure', event, (session) => this.eraser.note(event.data.userId, session));
  }
}
