import { RabbitMqStrategy } from '@shopfleet/messaging';
import { runService } from '@shopfleet/service';
import { AppModule } from './app.module.ts';
import { config } from './config.ts';

await runService({ name: 'product', plural: 'products', title: 'Products', module: AppModule, config, transport: RabbitMqStrategy });
