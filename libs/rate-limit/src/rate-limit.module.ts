import { availableParallelism } from 'node:os';
import { Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { APP_GUARD, HttpAdapterHost } from '@nestjs/core';
import { getOptionsToken, getStorageToken, type ThrottlerModuleOptions } from '@nestjs/throttler';
import { RedisStateClient } from '@shopfleet/redis';
import type { FastifyInstance } from 'fastify';
import { ClientAddress, LOOPBACK } from './client-address.ts';
import { FailureLimiter } from './failure-limiter.ts';
import { FallbackLimitStore } from './fallback-limit-store.ts';
import { addLimitHeaders } from './limit-headers.ts';
import type { LimitStore } from './limit-store.ts';
import { MemoryLimitStore } from './memory-limit-store.ts';
import { RateLimitGuard } from './rate-limit.guard.ts';
import { RateLimitPolicy } from './rate-limit-policy.ts';
import { RegionLimits } from './region-limits.ts';
import { RedisLimitStore } from './redis-limit-store.ts';
import { RememberedRefusals } from './remembered-refusals.ts';
import { LimitThrottlerStorage } from './throttler-storage.ts';
import { LIMIT_STORE } from './tokens.ts';

const QUARTER_OF_AN_HOUR_SECONDS = 900;

export interface RateLimitModuleOptions {
  /** Names the service's own counters. */
  readonly service: string;
  /** Requests of one address within the window. */
  readonly limit: number;
  /** Default 900. */
  readonly windowSeconds?: number;
  /** LOADTEST_CIDR: a range whose limit is a thousand times higher; '' for none. */
  readonly loadTestRange?: string;
  /** REGION_LIMITS: factors of regions such as `eu=1,far=0.5`; '' for none. */
  readonly regionLimits?: string;
  /** TRUSTED_PROXIES: addresses of proxies whose X-Real-IP and X-Region are believed. Default: this machine. */
  readonly proxies?: readonly string[];
  /** Workers of the service, among which a limit is divided while Redis is away. Default: the machine's cores. */
  readonly workers?: number;
}

/** The variables of a service's environment that limits depend on. */
export interface LimitEnvironment {
  readonly LOADTEST_CIDR: string;
  readonly REGION_LIMITS: string;
  readonly TRUSTED_PROXIES: readonly string[];
}

/**
 * Limits every HTTP route of a service per client address, across all its workers; costly ones (`@Limit`) by role and
 * burst as well. Needs RedisModule with `stateUrl`. Import it before IdentityModule: a limit is cheaper to check than a token.
 *
 * @example RateLimitModule.forService(config, { service: 'cart', limit: 2000 })
 */
@Module({})
export class RateLimitModule implements OnModuleInit {
  /** The usual wiring, from the variables that every service has. */
  static forService(config: LimitEnvironment, options: Pick<RateLimitModuleOptions, 'service' | 'limit'>): DynamicModule {
    const { LOADTEST_CIDR, REGION_LIMITS, TRUSTED_PROXIES } = config;
    return RateLimitModule.forRoot({ ...options, loadTestRange: LOADTEST_CIDR, regionLimits: REGION_LIMITS, proxies: TRUSTED_PROXIES });
  }

  static forRoot(options: RateLimitModuleOptions): DynamicModule {
    const { service, limit, windowSeconds = QUARTER_OF_AN_HOUR_SECONDS, loadTestRange = '', regionLimits = '', proxies = LOOPBACK } = options;
    const windowMs = windowSeconds * 1_000;
    const { workers = availableParallelism() } = options;
    const throttlers: ThrottlerModuleOptions = [{ name: 'default', limit, ttl: windowMs }];
    return {
      module: RateLimitModule,
      global: true,
      providers: [
        { provide: ClientAddress, useValue: new ClientAddress(proxies) },
        { provide: RateLimitPolicy, useValue: new RateLimitPolicy({ service, limit, windowMs, loadTestRange, regions: new RegionLimits(regionLimits) }) },
        {
          provide: LIMIT_STORE,
          inject: [RedisStateClient],
          useFactory: (redis: RedisStateClient) => new FallbackLimitStore(new RememberedRefusals(new RedisLimitStore(redis)), new MemoryLimitStore(), workers),
        },
        { provide: getOptionsToken(), useValue: throttlers },
        { provide: getStorageToken(), inject: [LIMIT_STORE], useFactory: (store: LimitStore) => new LimitThrottlerStorage(store) },
        { provide: APP_GUARD, useClass: RateLimitGuard },
        FailureLimiter,
      ],
      exports: [LIMIT_STORE, FailureLimiter, ClientAddress],
    };
  }

  constructor(private readonly adapters: HttpAdapterHost) {}

  /** Before the routes are complete, so that the hook applies to all of them. */
  onModuleInit(): void {
    addLimitHeaders(this.adapters.httpAdapter.getInstance<FastifyInstance>());
  }
}
