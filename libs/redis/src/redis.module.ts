import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { RedisCacheCheck, RedisStateCheck } from './redis-check.ts';
import { RedisCacheClient, RedisStateClient } from './redis-client.ts';

/** Which of the two roles a service uses; in the smallest set-up both URLs may name one server. */
export interface RedisModuleOptions {
  readonly cacheUrl?: string;
  readonly stateUrl?: string;
}

/**
 * Gives the whole application `RedisCacheClient` and/or `RedisStateClient` and their checks.
 *
 * @example RedisModule.forRoot({ cacheUrl: config.REDIS_CACHE_URL, stateUrl: config.REDIS_STATE_URL })
 */
@Module({})
export class RedisModule {
  static forRoot({ cacheUrl, stateUrl }: RedisModuleOptions): DynamicModule {
    const providers: Provider[] = [];
    const exports: Type[] = [];
    if (cacheUrl !== undefined) {
      providers.push({ provide: RedisCacheClient, useFactory: () => new RedisCacheClient(cacheUrl) }, RedisCacheCheck);
      exports.push(RedisCacheClient, RedisCacheCheck);
    }
    if (stateUrl !== undefined) {
      providers.push({ provide: RedisStateClient, useFactory: () => new RedisStateClient(stateUrl) }, RedisStateCheck);
      exports.push(RedisStateClient, RedisStateCheck);
    }
    return { module: RedisModule, global: true, providers, exports };
  }
}
