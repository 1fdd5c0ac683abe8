import { Global, Module, type Type } from '@nestjs/common';
import { Cache, CacheModule } from '@shopfleet/cache';
import { IdempotencyModule } from '@shopfleet/idempotency';
import { IdentityModule, type RequestWithPrincipal } from '@shopfleet/identity';
import { Jobs, JobsModule } from '@shopfleet/jobs';
import { BrokerCheck, MessagingModule, RabbitMqStrategy } from '@shopfleet/messaging';
import { MongoCheck, MongoModule } from '@shopfleet/mongo';
import { OutboxModule, OutboxRelay } from '@shopfleet/outbox';
import { RateLimitModule } from '@shopfleet/rate-limit';
import { RedisCacheCheck, RedisModule, RedisStateCheck, RedisStateClient } from '@shopfleet/redis';
import { ServiceModule } from '@shopfleet/service';
import type { FastifyRequest } from 'fastify';
import { BulkModule } from './bulk/bulk.module.ts';
import { CatalogueModule } from './catalogue/catalogue.module.ts';
import { HotAnswers } from './catalogue/hot-answers.ts';
import { Collections } from './collections.ts';
import type { ProductConfig } from './config.ts';
import { DocsModule } from './docs/docs.module.ts';
import { ImagesModule } from './images/images.module.ts';
import { HoldExpirySweeper } from './inventory/hold-expiry.sweeper.ts';
import { InventoryModule } from './inventory/inventory.module.ts';
import { Settings } from './settings.ts';
import { ShopModule } from './shop/shop.module.ts';

/** The service's wiring for one configuration. */
export function appModule(config: ProductConfig): Type {
  const failPoint = config.NODE_ENV === 'test' ? config.FAILPOINT : undefined;
  @Global()
  @Module({
    imports: [
      ServiceModule.forRoot({
        config,
        checks: [MongoCheck, BrokerCheck, RedisCacheCheck, RedisStateCheck],
        drain: [HotAnswers, RabbitMqStrategy, HoldExpirySweeper, Jobs, OutboxRelay, Cache],
      }),
      MongoModule.forRoot({ uri: config.MONGODB_URI, maxPoolSize: 50, minPoolSize: 10, appName: 'product' }),
      RedisModule.forRoot({ cacheUrl: config.REDIS_CACHE_URL, stateUrl: config.REDIS_STATE_URL }),
      CacheModule.forRoot({ namespace: 'product', maxBytes: config.CACHE_MEMORY_MB * 1024 * 1024, peakMode: config.CACHE_PEAK_MODE }),
      MessagingModule.forRoot({ url: config.RABBITMQ_URL, service: 'product', failPoint }),
      OutboxModule.forRoot({ service: 'product', bell: RedisStateClient, failPoint }),
      JobsModule.forRoot({ url: config.REDIS_STATE_URL }),
      RateLimitModule.forService(config, { service: 'product', limit: 1_000 }),
      IdentityModule.forService(config),
      IdempotencyModule.forRoot({ principalOf: { useFactory: () => ({ principal }: FastifyRequest & RequestWithPrincipal) => principal?.userId } }),
      BulkModule,
      CatalogueModule,
      ImagesModule,
      InventoryModule,
      DocsModule,
      ShopModule,
    ],
    providers: [Collections, { provide: Settings, useValue: new Settings(config) }],
    exports: [Collections, Settings],
  })
  class AppModule {}
  return AppModule;
}
