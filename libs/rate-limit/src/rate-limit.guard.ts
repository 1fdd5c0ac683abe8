import { Inject, Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { getOptionsToken, getStorageToken, normalizeIp, ThrottlerGuard, type ThrottlerModuleOptions, type ThrottlerRequest, type ThrottlerStorage } from '@nestjs/throttler';
import { AppError } from '@shopfleet/kernel';
import type { FastifyRequest } from 'fastify';
import { ClientAddress } from './client-address.ts';
import { report } from './limit-headers.ts';
import { RateLimitPolicy } from './rate-limit-policy.ts';
import { unlimitedMetadata } from './unlimited.ts';
import { waitingTime } from './waiting-time.ts';

/**
 * The global guard: counts every HTTP request against the limit of its client's address. The headers follow the IETF
 * draft instead of the throttler's X-RateLimit-*, and the 429 is problem details that say when to come back.
 */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  constructor(
    @Inject(getOptionsToken()) options: ThrottlerModuleOptions,
    @Inject(getStorageToken()) storage: ThrottlerStorage,
    reflector: Reflector,
    private readonly addresses: ClientAddress,
    private readonly policy: RateLimitPolicy,
  ) {
    super(options, storage, reflector);
  }

  protected override async shouldSkip(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const reason: unknown = this.reflector.getAllAndOverride(unlimitedMetadata, [context.getHandler(), context.getClass()]);
    if (typeof reason === 'string') return true;
    // Calls between services come through one address, prove themselves by a token and are not exposed by nginx.
    return context.switchToHttp().getRequest<FastifyRequest>().url.startsWith('/internal/');
  }

  protected override async handleRequest({ context, limit, ttl, throttler }: ThrottlerRequest): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const address = this.addresses.of(request);
    const name = throttler.name ?? 'default';
    const raised = this.policy.raise(address, limit);
    // An IPv6 client has a whole /64 to choose addresses from.
    const key = `${this.policy.service}:${name}:${normalizeIp(address)}`;
    const { totalHits, timeToExpire, isBlocked } = await this.storageService.increment(key, ttl, raised, 0, name);
    const windowSeconds = Math.round(ttl / 1_000);
    report(request, { policy: name, limit: raised, windowSeconds, remaining: Math.max(0, raised - totalHits), resetSeconds: timeToExpire });
    if (!isBlocked) return true;
    throw new AppError('rate-limited', {
      detail: `At most ${raised} requests in ${waitingTime(windowSeconds)} are allowed. Try again in ${waitingTime(timeToExpire)}.`,
      retryAfterSeconds: timeToExpire,
    });
  }
}
