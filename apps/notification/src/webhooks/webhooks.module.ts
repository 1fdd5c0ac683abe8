import { Module, type DynamicModule } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { Jobs } from '@shopfleet/jobs';
import { Transactions } from '@shopfleet/mongo';
import { Outbox } from '@shopfleet/outbox';
import { SafeHttpClient } from '@shopfleet/webhooks';
import type { NotificationConfig } from '../config.ts';
import { DeliveriesRepository } from '../deliveries/deliveries.repository.ts';
import { DeliveryWorker } from '../deliveries/delivery.worker.ts';
import { EndpointSecrets } from './endpoint-secrets.ts';
import { MerchantEventsConsumer } from './merchant-events.consumer.ts';
import { MerchantEvents } from './merchant-events.ts';
import { WEBHOOK_ENDPOINT_MODEL, webhookEndpointSchema } from './webhook-endpoint.schema.ts';
import { WebhookEndpointsRepository } from './webhook-endpoints.repository.ts';
import { WebhookDeliverer } from './webhook.deliverer.ts';
import { WebhooksController } from './webhooks.controller.ts';
import { WEBHOOK_WORKER, WebhooksService } from './webhooks.service.ts';

@Module({})
export class WebhooksModule {
  static forRoot({ NOTIFICATION_SECRET, ALERT_WEBHOOK_URL }: Pick<NotificationConfig, 'NOTIFICATION_SECRET' | 'ALERT_WEBHOOK_URL'>): DynamicModule {
    return {
      module: WebhooksModule,
      imports: [MongooseModule.forFeature([{ name: WEBHOOK_ENDPOINT_MODEL, schema: webhookEndpointSchema }])],
      controllers: [WebhooksController, MerchantEventsConsumer],
      providers: [
        WebhookEndpointsRepository,
        WebhooksService,
        MerchantEvents,
        { provide: EndpointSecrets, useFactory: () => new EndpointSecrets(NOTIFICATION_SECRET) },
        {
          provide: WEBHOOK_WORKER,
          inject: [WebhookEndpointsRepository, EndpointSecrets, SafeHttpClient, DeliveriesRepository, Jobs, Transactions, Outbox],
          useFactory: (endpoints: WebhookEndpointsRepository, secrets: EndpointSecrets, http: SafeHttpClient, deliveries: DeliveriesRepository, jobs: Jobs, transactions: Transactions, outbox: Outbox) =>
            new DeliveryWorker(new WebhookDeliverer(endpoints, secrets, http, ALERT_WEBHOOK_URL), deliveries, jobs, transactions, outbox),
        },
      ],
      exports: [MerchantEvents],
    };
  }
}
