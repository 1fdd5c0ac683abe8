import { Module, type DynamicModule } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { Jobs } from '@shopfleet/jobs';
import { Transactions } from '@shopfleet/mongo';
import { Outbox } from '@shopfleet/outbox';
import { SafeHttpClient } from '@shopfleet/webhooks';
import type { NotificationConfig } from '../config.ts';
import { DeliveriesRepository } from '../deliveries/deliveries.repository.ts';
import { DeliveryWorker } from '../deliveries/delivery.worker.ts';
import { PUSH_SUBSCRIPTION_MODEL, pushSubscriptionSchema } from './push-subscription.schema.ts';
import { PushSubscriptionsController } from './push-subscriptions.controller.ts';
import { PushSubscriptionsRepository } from './push-subscriptions.repository.ts';
import { PushDeliverer } from './push.deliverer.ts';
import { VAPID, type Vapid } from './vapid.ts';

/** Token of the {@link DeliveryWorker} for push messages. */
export const PUSH_WORKER = Symbol('PUSH_WORKER');

@Module({})
export class PushModule {
  static forRoot(config: Pick<NotificationConfig, 'VAPID_PUBLIC_KEY' | 'VAPID_PRIVATE_KEY' | 'VAPID_SUBJECT'>): DynamicModule {
    const { VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY: privateKey, VAPID_SUBJECT: subject } = config;
    const vapid: Vapid | undefined = publicKey === '' || privateKey === '' ? undefined : { subject, publicKey, privateKey };
    return {
      module: PushModule,
      imports: [MongooseModule.forFeature([{ name: PUSH_SUBSCRIPTION_MODEL, schema: pushSubscriptionSchema }])],
      controllers: [PushSubscriptionsController],
      providers: [
        PushSubscriptionsRepository,
        { provide: VAPID, useValue: vapid },
        {
          provide: PUSH_WORKER,
          inject: [PushSubscriptionsRepository, SafeHttpClient, DeliveriesRepository, Jobs, Transactions, Outbox],
          useFactory: (subscriptions: PushSubscriptionsRepository, http: SafeHttpClient, deliveries: DeliveriesRepository, jobs: Jobs, transactions: Transactions, outbox: Outbox) =>
            new DeliveryWorker(new PushDeliverer(subscriptions, http, vapid), deliveries, jobs, transactions, outbox),
        },
      ],
      exports: [PushSubscriptionsRepository, PUSH_WORKER],
    };
  }
}
