import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { userErased, userPasswordResetRequested, userRegistered, userVerified, type EventOf } from '@shopfleet/contracts';
import { resetPassword } from '../mail/kinds/reset-password.ts';
import { verifyEmail } from '../mail/kinds/verify-email.ts';
import { welcome } from '../mail/kinds/welcome.ts';
import { Notifier } from './notifier.ts';

@Controller()
export class AccountEventsConsumer {
  constructor(private readonly notifier: Notifier) {}

  @EventPattern<string>(userRegistered.type)
  async registered(@Payload() event: EventOf<typeof userRegistered>): Promise<void> {
    const { userId, contact, name, tokenRef } = event.data;
    await this.notifier.tell(event, verifyEmail, { name, tokenRef }, { userId, contact });
  }

  @EventPattern<string>(userVerified.type)
  async verified(@Payload() event: EventOf<typeof userVerified>): Promise<void> {
    const { userId, contact, name } = event.data;
    await this.notifier.tell(event, welcome, { name }, { userId, contact });
  }

  @EventPattern<string>(userPasswordResetRequested.type)
  async passwordResetRequested(@Payload() event: EventOf<typeof userPasswordResetRequested>): Promise<void> {
    const { userId, contact, tokenRef } = event.data;
    await this.notifier.tell(event, resetPassword, { tokenRef }, { userId, contact });
  }

  @EventPattern<string>(userErased.type)
  async erased(@Payload() event: EventOf<typeof userErased>): Promise<void> {
    await this.notifier.erase(event, event.data.userId);
  }
}
