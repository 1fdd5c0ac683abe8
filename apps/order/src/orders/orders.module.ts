import { Module, type DynamicModule } from '@nestjs/common';
import { CouponsModule } from '../coupons/coupons.module.ts';
import { CheckoutFigures } from './checkout-figures.ts';
import { GuestAccess } from './guest-access.ts';
import { OrderAccess } from './order-access.ts';
import { OrderRecorder } from './order-recorder.ts';
import { OrdersController } from './orders.controller.ts';
import { OrdersRepository } from './orders.repository.ts';
import { OrdersService } from './orders.service.ts';

@Module({})
export class OrdersModule {
  static forRoot({ tokenSecret }: { readonly tokenSecret: string }): DynamicModule {
    return {
      module: OrdersModule,
      global: true,
      imports: [CouponsModule],
      controllers: [OrdersController],
      providers: [{ provide: GuestAccess, useFactory: () => new GuestAccess(tokenSecret) }, OrdersRepository, OrderRecorder, OrderAccess, OrdersService, CheckoutFigures],
      exports: [CouponsModule, GuestAccess, OrdersRepository, OrderRecorder, OrderAccess],
    };
  }
}
