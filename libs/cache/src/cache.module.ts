import { Module, type DynamicModule } from '@nestjs/common';
import { RedisCacheClient } from '@shopfleet/redis';
import { Cache } from './cache.ts';

export interface CacheModuleOptions {
  /** The service's name. */
  readonly namespace: string;
  readonly maxBytes?: number;
  readonly peakMode?: boolean;
}

/**
 * Gives the application one `Cache` over the `RedisCacheClient` of `RedisModule`. The host should drain it.
 *
 * @example CacheModule.forRoot({ namespace: 'product', peakMode: config.CACHE_PEAK_MODE })
 */
@Module({})
export class CacheModule {
  static forRoot(options: CacheModuleOptions): DynamicModule {
    return {
      module: CacheModule,
      global: true,
      providers: [
        {
          provide: Cache,
          useFactory: (client: RedisCacheClient): Cache => {
            const cache = new Cache({ ...options, client });
            // Not awaited: a service starts without its cache and begins to listen when Redis is there.
            void cache.listen().catch(() => undefined);
            return cache;
          },
          inject: [RedisCacheClient],
        },
      ],
      exports: [Cache],
    };
  }
}
