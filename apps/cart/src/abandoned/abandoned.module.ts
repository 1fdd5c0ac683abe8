import { Module, type DynamicModule } from '@nestjs/common';
import { Jobs } from '@shopfleet/jobs';
import { RedisStateClient } from '@shopfleet/redis';
import { CartOwners } from '../carts/cart-owner.ts';
import { CartStore } from '../carts/cart.store.ts';
import { CartsModule } from '../carts/carts.module.ts';
import { AbandonedCarts, type AbandonmentOptions } from './abandoned-carts.ts';

@Module({})
export class AbandonedModule {
  static forRoot(options: AbandonmentOptions): DynamicModule {
    return {
      module: AbandonedModule,
      imports: [CartsModule],
      providers: [
        {
          provide: AbandonedCarts,
          inject: [RedisStateClient, Jobs, CartStore, CartOwners],
          useFactory: (redis: RedisStateClient, jobs: Jobs, carts: CartStore, owners: CartOwners) => new AbandonedCarts(redis, jobs, carts, owners, options),
        },
      ],
      exports: [AbandonedCarts],
    };
  }
}
