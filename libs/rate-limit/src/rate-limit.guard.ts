import { Inject, Injectable, Optional, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { getOptionsToken, getStorageToken, ThrottlerGuard, type ThrottlerModuleOptions, type ThrottlerStorage } from '@nestjs/throttler';
import { AppError, CallerSource } from '@shopfleet/kernel';
import { counter } from '@shopfleet/metrics';
import type { FastifyRequest } from 'fastify';
import { ClientAddress } from './client-address.ts';
import { limitMetadata, type RouteLimit } from './limit.ts';
import { report } from './limit-headers.ts';
import type { LimitState, LimitStore } from './limit-store.ts';
import { RateLimitPolicy, type NamedUse } from './rate-limit-policy.ts';
import { LIMIT_STORE } from './tokens.ts';
import { unlimitedMetadata } from './unlimited.ts';
import { waitingTime } from './waiting-time.ts';

const checks = counter('shop_limit_checks_total', 'Requests that were counted against their limits; `limit` is the one that refused', ['outcome', 'limit']);
// Looked up once: finding a series by its labels costs as much as counting in it.
const allowedChecks = checks.labels({ outcome: 'allowed', limit: '' });

/**
 * The global guard: counts every HTTP request against the limit of its client's address, and a costly one (`@Limit`)
 * against its role's tier and the burst as well, all in one round trip. The headers follow the IETF draft instead of the
 * throttler's X-RateLimit-*, and the 429 is problem details that say when to come back.
 */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  private readonly routes = new WeakMap<object, { readonly controller: unknown; readonly route: RouteLimit | 'unlimited' | undefined }>();

  constructor(
    @Inject(getOptionsToken()) options: ThrottlerModuleOptions,
    @Inject(getStorageToken()) storage: ThrottlerStorage,
    reflector: Reflector,
    @Inject(LIMIT_STORE) private readonly store: LimitStore,
    private readonly addresses: ClientAddress,
    private readonly policy: RateLimitPolicy,
    @Optional() @Inject(CallerSource) private readonly callers: CallerSource | undefined,
  ) {
    super(options, storage, reflector);
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const route = this.routeOf(context);
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    // Calls between services come through one address, prove themselves by a token and are not exposed by nginx.
    if (route === 'unlimited' || request.url.startsWith('/internal/')) return true;
    // Only where a role decides: elsewhere a limit is cheaper to check than a token.
    const needsCaller = route !== undefined && route.perAddress === undefined;
    const caller = needsCaller ? await this.callers?.callerOf(request.headers.authorization) : undefined;
    const uses = this.policy.usesOf(route, { address: this.addresses.of(request), region: this.addresses.regionOf(request), caller });
    const taking = await this.store.take(uses);
    report(request, uses, taking);
    if (taking.allowed) {
      allowedChecks.inc();
      return true;
    }
    const { refusedBy = 0, states } = taking;
    checks.inc({ outcome: 'refused', limit: uses[refusedBy]?.name ?? '' });
    throw refusal(uses[refusedBy], states[refusedBy]);
  }

  // Decorators do not change while an application runs, and looking them up at each request costs more than counting.
  private routeOf(context: ExecutionContext): RouteLimit | 'unlimited' | undefined {
    const [handler, controller] = [context.getHandler(), context.getClass()];
    const known = this.routes.get(handler);
    if (known !== undefined && known.controller === controller) return known.route;
    const reason: unknown = this.reflector.getAllAndOverride(unlimitedMetadata, [handler, controller]);
    const route = typeof reason === 'string' ? 'unlimited' : this.reflector.getAllAndOverride<RouteLimit | undefined>(limitMetadata, [handler, controller]);
    this.routes.set(handler, { controller, route });
    return route;
  }
}

function refusal(use: NamedUse | undefined, state: LimitState | undefined): AppError {
  const seconds = secondsOf(state?.resetMs ?? use?.windowMs ?? 1_000);
  const window = waitingTime(Math.round((use?.windowMs ?? 1_000) / 1_000));
  const what = use === undefined || use.name === 'default' ? 'requests' : use.name === 'burst' ? 'costly requests' : `requests of this kind (${use.name})`;
  return new AppError('rate-limited', {
    detail: `At most ${use?.limit ?? 0} ${what} in ${window} are allowed. Try again in ${waitingTime(seconds)}.`,
    retryAfterSeconds: seconds,
  });
}

const secondsOf = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000));
