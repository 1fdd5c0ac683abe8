import { RabbitMqStrategy } from '@shopfleet/messaging';
import type { ServiceOptions } from '@shopfleet/service';
import { appModule } from './app.module.ts';
import type { NotificationConfig } from './config.ts';

/** The service as main.ts runs it and as the integration tests start it. */
export const notificationService = (config: NotificationConfig): ServiceOptions => ({
  name: 'notification',
  plural: 'notifications',
  title: 'Notifications',
  module: appModule(config),
  config,
  transport: RabbitMqStrategy,
});
