import { Module, type DynamicModule } from '@nestjs/common';
import { CartOwners } from './cart-owner.ts';
import { CartStore } from './cart.store.ts';
import { CartTokens } from './cart-token.ts';
import { CartsController } from './carts.controller.ts';
import { CartsService } from './carts.service.ts';
import { InternalCartsController } from './internal-carts.controller.ts';

@Module({})
export class CartsModule {
  static forRoot({ tokenSecret }: { readonly tokenSecret: string }): DynamicModule {
    return {
      module: CartsModule,
      controllers: [CartsController, InternalCartsController],
      providers: [CartStore, CartsService, CartOwners, { provide: CartTokens, useValue: new CartTokens(tokenSecret) }],
      exports: [CartsService],
    };
  }
}
