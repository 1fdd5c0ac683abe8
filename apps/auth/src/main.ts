import { RabbitMqStrategy } from '@shopfleet/messaging';
import { runService } from '@shopfleet/service';
import { AppModule } from './app.module.ts';
import { config } from './config.ts';

await runService({ name: 'auth', plural: 'auth', title: 'Accounts and logins', module: AppModule, config, transport: RabbitMqStrategy });
