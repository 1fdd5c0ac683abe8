import { Module, type DynamicModule } from '@nestjs/common';
import { Jobs } from '@shopfleet/jobs';
import { PaymentsRepository } from '../payments/payments.repository.ts';
import { PriceBookModule } from '../price-book/price-book.module.ts';
import { CartClient } from './cart.client.ts';
import { CheckoutController } from './checkout.controller.ts';
import { CheckoutSaga } from './checkout.saga.ts';
import { CheckoutService } from './checkout.service.ts';
import { Outcomes } from './outcomes.ts';
import { PaymentRunner } from './payment-runner.ts';
import { CheckoutRedisCheck } from './redis-state.check.ts';
import { StockConsumer } from './stock.consumer.ts';

@Module({})
export class CheckoutModule {
  static forRoot({ sweepIntervalMs }: { readonly sweepIntervalMs: number }): DynamicModule {
    return {
      module: CheckoutModule,
      imports: [PriceBookModule],
      controllers: [CheckoutController, StockConsumer],
      providers: [
        CartClient,
        Outcomes,
        CheckoutSaga,
        CheckoutService,
        CheckoutRedisCheck,
        {
          provide: PaymentRunner,
          inject: [CheckoutSaga, PaymentsRepository, Jobs],
          useFactory: (saga: CheckoutSaga, payments: PaymentsRepository, jobs: Jobs) => new PaymentRunner(saga, payments, jobs, sweepIntervalMs),
        },
      ],
      exports: [PaymentRunner, CheckoutRedisCheck],
    };
  }
}
