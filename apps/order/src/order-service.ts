import { RabbitMqStrategy } from '@shopfleet/messaging';
import type { ServiceOptions } from '@shopfleet/service';
import { appModule } from './app.module.ts';
import type { OrderConfig } from './config.ts';

/** The order service: what main.ts runs and what integration tests start. */
export const orderService = (config: OrderConfig): ServiceOptions => ({
  name: 'order',
  plural: 'orders',
  title: 'Orders',
  module: appModule(config),
  config,
  transport: RabbitMqStrategy,
});
