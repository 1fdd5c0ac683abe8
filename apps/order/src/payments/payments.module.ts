import { Module, type DynamicModule } from '@nestjs/common';
import { HttpPaymentProvider } from './http-payment.provider.ts';
import { PaymentProvider } from './payment-provider.ts';
import { PaymentsRepository } from './payments.repository.ts';

@Module({})
export class PaymentsModule {
  static forRoot({ url }: { readonly url: string }): DynamicModule {
    return {
      module: PaymentsModule,
      providers: [{ provide: PaymentProvider, useFactory: () => new HttpPaymentProvider(url) }, PaymentsRepository],
      exports: [PaymentProvider, PaymentsRepository],
      global: true,
    };
  }
}
