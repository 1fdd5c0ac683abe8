import { Module, type DynamicModule } from '@nestjs/common';
import { getConnectionToken } from '@nestjs/mongoose';
import { Jobs } from '@shopfleet/jobs';
import { EventPublisher } from '@shopfleet/messaging';
import type { Connection } from 'mongoose';
import { PaymentsRepository } from '../payments/payments.repository.ts';
import { PriceBookModule } from '../price-book/price-book.module.ts';
import { CartClientModule } from './cart-client.module.ts';
import { OrdersRepository } from '../orders/orders.repository.ts';
import { PaymentProvider } from '../payments/payment-provider.ts';
import { PaymentWebhooksController } from '../payments/payment-webhooks.controller.ts';
import { Reconciler } from '../payments/reconciler.ts';
import { Refunder } from '../refunds/refunder.ts';
import { RefundsController } from '../refunds/refunds.controller.ts';
import { RefundsRepository } from '../refunds/refunds.repository.ts';
import { RefundsService } from '../refunds/refunds.service.ts';
import { CheckoutController } from './checkout.controller.ts';
import { CheckoutSaga } from './checkout.saga.ts';
import { CheckoutService } from './checkout.service.ts';
import { Outcomes } from './outcomes.ts';
import { PaymentRunner } from './payment-runner.ts';
import { CheckoutRedisCheck } from './redis-state.check.ts';
import { Settlements } from './settlements.ts';
import { StockConsumer } from './stock.consumer.ts';

@Module({})
export class CheckoutModule {
  static forRoot({ sweepIntervalMs, reconcileIntervalMs }: { readonly sweepIntervalMs: number; readonly reconcileIntervalMs: number }): DynamicModule {
    return {
      module: CheckoutModule,
      imports: [PriceBookModule, CartClientModule],
      controllers: [CheckoutController, RefundsController, PaymentWebhooksController, StockConsumer],
      providers: [
        Outcomes,
        Settlements,
        CheckoutSaga,
        CheckoutService,
        Refunder,
        RefundsRepository,
        RefundsService,
        CheckoutRedisCheck,
        {
          provide: PaymentRunner,
          inject: [CheckoutSaga, PaymentsRepository, OrdersRepository, RefundsRepository, Refunder, Jobs, EventPublisher],
          useFactory: (saga: CheckoutSaga, payments: PaymentsRepository, orders: OrdersRepository, refunds: RefundsRepository, refunder: Refunder, jobs: Jobs, publisher: EventPublisher) =>
            new PaymentRunner(saga, payments, orders, refunds, refunder, jobs, publisher, sweepIntervalMs),
        },
        {
          provide: Reconciler,
          inject: [getConnectionToken(), PaymentProvider, PaymentsRepository, Settlements, Jobs],
          useFactory: (connection: Connection, provider: PaymentProvider, payments: PaymentsRepository, settlements: Settlements, jobs: Jobs) =>
            new Reconciler(connection, provider, payments, settlements, jobs, reconcileIntervalMs),
        },
      ],
      exports: [PaymentRunner, CheckoutRedisCheck],
    };
  }
}
