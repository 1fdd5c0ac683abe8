export { AddressRange } from './address-range.ts';
export { ClientAddress, LOOPBACK } from './client-address.ts';
export {
  FAILURE_WINDOW_MS, FAILURES_PER_ACCOUNT, FAILURES_PER_ADDRESS, FailureLimiter, type AdmittedAttempt, type Attempt,
} from './failure-limiter.ts';
export { FallbackLimitStore } from './fallback-limit-store.ts';
export { Limit, type RouteLimit } from './limit.ts';
export type { LimitState, LimitStore, LimitUse, TakeOptions, Taking } from './limit-store.ts';
export { MemoryLimitStore } from './memory-limit-store.ts';
export { RateLimitGuard } from './rate-limit.guard.ts';
export { RateLimitModule, type LimitEnvironment, type RateLimitModuleOptions } from './rate-limit.module.ts';
export { RedisLimitStore } from './redis-limit-store.ts';
export { RegionLimits } from './region-limits.ts';
export { ANONYMOUS_TIER, BURST_LIMIT, BURST_WINDOW_MS, ROLE_TIERS, TIER_WINDOW_MS, tierOf } from './role-tiers.ts';
export { LIMIT_STORE } from './tokens.ts';
export { Unlimited } from './unlimited.ts';
