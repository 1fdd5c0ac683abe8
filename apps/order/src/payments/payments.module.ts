import { Module, type DynamicModule } from '@nestjs/common';
import { HttpPaymentProvider } from './http-payment.provider.ts';
import { PaymentProvider } from './payment-provider.ts';
import { PaymentsRepository } from './payments.repository.ts';
import { StripePaymentProvider } from './stripe-payment.provider.ts';

export interface PaymentsOptions {
  /** The simulated provider; used unless there is a Stripe key. */
  readonly url: string;
  readonly webhookSecrets: readonly string[];
  readonly stripeSecretKey: string | undefined;
}

@Module({})
export class PaymentsModule {
  static forRoot({ url, webhookSecrets, stripeSecretKey }: PaymentsOptions): DynamicModule {
    return {
      module: PaymentsModule,
      providers: [
        {
          provide: PaymentProvider,
          useFactory: () => (stripeSecretKey === undefined ? new HttpPaymentProvider({ url, webhookSecrets }) : new StripePaymentProvider({ secretKey: stripeSecretKey, webhookSecrets })),
        },
        PaymentsRepository,
      ],
      exports: [PaymentProvider, PaymentsRepository],
      global: true,
    };
  }
}
