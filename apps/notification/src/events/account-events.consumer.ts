import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { userDeviceAdded, userErased, userLocked, userPasswordResetRequested, userRegistered, userVerified, type EventOf } from '@shopfleet/contracts';
import { accountLocked } from '../mail/kinds/account-locked.ts';
import { newDevice } from '../mail/kinds/new-device.ts';
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

  @EventPattern<string>(userDeviceAdded.type)
  async deviceAdded(@Payload() event: EventOf<typeof userDeviceAdded>): Promise<void> {
    const { userId, contact, device, at } = event.data;
    await this.notifier.tell(event, newDevice, { device, at }, { userId, contact });
  }

  @EventPattern<string>(userLocked.type)
  async locked(@Payload() event: EventOf<typeof userLocked>): Promise<void> {
    const { userId, contact, until } = event.data;
    await this.notifier.tell(event, accountLocked, { until }, { userId, contact });
  }

  @EventPattern<string>(userErased.type)
  async erased(@Payload() event: EventOf<typeof userErased>): Promise<void> {
    await this.notifier.erase(event, event.data.userId);
  }
}
