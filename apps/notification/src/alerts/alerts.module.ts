import { Module, type DynamicModule } from '@nestjs/common';
import type { NotificationConfig } from '../config.ts';
import { Notifier } from '../events/notifier.ts';
import { MerchantEvents } from '../webhooks/merchant-events.ts';
import { AlertsController } from './alerts.controller.ts';
import { AlertsService } from './alerts.service.ts';

@Module({})
export class AlertsModule {
  static forRoot(config: NotificationConfig, events: DynamicModule, webhooks: DynamicModule): DynamicModule {
    return {
      module: AlertsModule,
      imports: [events, webhooks],
      controllers: [AlertsController],
      providers: [{ provide: AlertsService, inject: [Notifier, MerchantEvents], useFactory: (notifier: Notifier, merchants: MerchantEvents) => new AlertsService(notifier, merchants, { alerts: config.ALERT_EMAIL, escalation: config.ESCALATION_EMAIL }) }],
    };
  }
}
