import { Module, type Type } from '@nestjs/common';
import { IdentityModule } from '@shopfleet/identity';
import { RedisModule, RedisStateCheck } from '@shopfleet/redis';
import { ServiceModule } from '@shopfleet/service';
import { CartsModule } from './carts/carts.module.ts';
import type { CartConfig } from './config.ts';
import { PriceBookModule } from './price-book/price-book.module.ts';

/** The wiring of the service, top to bottom. A function, because several may run in one test process. */
export function appModule(config: CartConfig): Type {
  @Module({
    imports: [
      ServiceModule.forRoot({ config, checks: [RedisStateCheck] }),
      RedisModule.forRoot({ stateUrl: config.REDIS_STATE_URL }),
      IdentityModule.forService(config),
      PriceBookModule,
      CartsModule.forRoot({ tokenSecret: config.CART_TOKEN_SECRET }),
    ],
  })
  class AppModule {}
  return AppModule;
}
