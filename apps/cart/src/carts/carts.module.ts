import { Module } from '@nestjs/common';
import { CouponsModule } from '../coupons/coupons.module.ts';
import { CartOwners } from './cart-owner.ts';
import { CartStore } from './cart.store.ts';
import { CartsController } from './carts.controller.ts';
import { CartsService } from './carts.service.ts';
import { ChoicesController } from './choices.controller.ts';
import { InternalCartsController } from './internal-carts.controller.ts';

@Module({
  imports: [CouponsModule],
  controllers: [CartsController, ChoicesController, InternalCartsController],
  providers: [CartStore, CartsService, CartOwners],
  exports: [CartsService, CartOwners, CartStore],
})
export class CartsModule {}
