import { Module, type Type } from '@nestjs/common';
import { IdentityModule } from '@shopfleet/identity';
import { Jobs, JobsModule } from '@shopfleet/jobs';
import { BrokerCheck, MessagingModule, RabbitMqStrategy } from '@shopfleet/messaging';
import { OutboxModule, OutboxRelay } from '@shopfleet/outbox';
import { RateLimitModule } from '@shopfleet/rate-limit';
import { RedisModule, RedisStateCheck, RedisStateClient } from '@shopfleet/redis';
import { ServiceModule } from '@shopfleet/service';
import { AbandonedModule } from './abandoned/abandoned.module.ts';
import { cartKeys } from './carts/cart-keys.ts';
import { CartsModule } from './carts/carts.module.ts';
import { CartTokensModule } from './carts/cart-tokens.module.ts';
import type { CartConfig } from './config.ts';
import { EventsModule } from './events/events.module.ts';
import { RedisLease } from './outbox/redis-lease.ts';
import { RedisStreamOutbox } from './outbox/redis-stream-outbox.ts';
import { QuotesModule } from './quotes/quotes.module.ts';
import { WishlistModule } from './wishlist/wishlist.module.ts';

/** Requests of one address in 15 minutes. */
const REQUESTS_PER_ADDRESS = 2_000;

/** The wiring of the service, top to bottom. A function, because several may run in one test process. */
export function appModule(config: CartConfig): Type {
  @Module({
    imports: [
      ServiceModule.forRoot({ config, checks: [RedisStateCheck, BrokerCheck], drain: [RabbitMqStrategy, Jobs, OutboxRelay] }),
      RedisModule.forRoot({ stateUrl: config.REDIS_STATE_URL }),
      RateLimitModule.forService(config, { service: 'cart', limit: REQUESTS_PER_ADDRESS }),
      IdentityModule.forService(config),
      MessagingModule.forRoot({ url: config.RABBITMQ_URL, service: 'cart' }),
      OutboxModule.forSource({
        source: { inject: [RedisStateClient], useFactory: (redis: RedisStateClient) => new RedisStreamOutbox(redis, cartKeys.outbox) },
        lease: { inject: [RedisStateClient], useFactory: (redis: RedisStateClient) => new RedisLease(redis, cartKeys.outboxLease) },
      }),
      JobsModule.forRoot({ url: config.REDIS_STATE_URL }),
      CartTokensModule.forRoot({ secret: config.CART_TOKEN_SECRET }),
      CartsModule,
      QuotesModule,
      WishlistModule,
      AbandonedModule.forRoot({ afterSeconds: config.CART_ABANDONED_AFTER_S, everyMs: config.CART_SWEEP_INTERVAL_MS }),
      EventsModule,
    ],
  })
  class AppModule {}
  return AppModule;
}
