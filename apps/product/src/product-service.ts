import { RabbitMqStrategy } from '@shopfleet/messaging';
import type { ServiceOptions } from '@shopfleet/service';
import { appModule } from './app.module.ts';
import type { ProductConfig } from './config.ts';

/** The product service as main.ts runs it and as integration tests start it in their own process. */
export function productService(config: ProductConfig): ServiceOptions {
  return { name: 'product', plural: 'products', title: 'Products', module: appModule(config), config, transport: RabbitMqStrategy };
}
