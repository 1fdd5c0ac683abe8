import { RabbitMqStrategy } from '@shopfleet/messaging';
import type { ServiceOptions } from '@shopfleet/service';
import { appModule } from './app.module.ts';
import type { CartConfig } from './config.ts';

/** The cart service as main.ts runs it and as integration tests start it in their own process. */
export function cartService(config: CartConfig): ServiceOptions {
  return { name: 'cart', plural: 'cart', title: 'Cart', module: appModule(config), config, transport: RabbitMqStrategy };
}
