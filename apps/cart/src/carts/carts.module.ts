import { Module } from '@nestjs/common';
import { CartOwners } from './cart-owner.ts';
import { CartStore } from './cart.store.ts';
import { CartsController } from './carts.controller.ts';
import { CartsService } from './carts.service.ts';
import { InternalCartsController } from './internal-carts.controller.ts';

@Module({
  controllers: [CartsController, InternalCartsController],
  providers: [CartStore, CartsService, CartOwners],
  exports: [CartsService],
})
export class CartsModule {}
