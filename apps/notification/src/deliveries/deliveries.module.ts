import { Module, type DynamicModule } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { SafeHttpClient } from '@shopfleet/webhooks';
import type { NotificationConfig } from '../config.ts';
import { DeliveriesRepository } from './deliveries.repository.ts';
import { DELIVERY_MODEL, deliverySchema } from './delivery.schema.ts';

/** What the channels to addresses outside the shop share: their rows, and the client that cannot be led astray. */
@Module({})
export class DeliveriesModule {
  static forRoot({ OUTBOUND_ALLOWED_ADDRESSES }: Pick<NotificationConfig, 'OUTBOUND_ALLOWED_ADDRESSES'>): DynamicModule {
    return {
      module: DeliveriesModule,
      global: true,
      imports: [MongooseModule.forFeature([{ name: DELIVERY_MODEL, schema: deliverySchema }])],
      providers: [
        DeliveriesRepository,
        {
          provide: SafeHttpClient,
          useFactory: () => new SafeHttpClient({ allowedAddresses: OUTBOUND_ALLOWED_ADDRESSES, allowHttp: OUTBOUND_ALLOWED_ADDRESSES.length > 0, timeoutMs: 10_000, maxResponseBytes: 16 * 1024 }),
        },
      ],
      exports: [DeliveriesRepository, SafeHttpClient],
    };
  }
}
