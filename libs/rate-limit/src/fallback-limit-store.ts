import { Logger } from '@nestjs/common';
import { AppError } from '@shopfleet/kernel';
import { counter } from '@shopfleet/metrics';
import type { LimitStore, LimitUse, TakeOptions, Taking } from './limit-store.ts';

/** For how long the shared store is not asked again after it failed, in milliseconds; so that not every request waits. */
const REST_MS = 1_000;

const withoutRedis = counter('shop_limit_checks_without_redis_total', 'Limits counted in the memory of a worker, redis-state being away');

/**
 * Counts in the shared store, and while that is away in this worker's memory, with each limit divided by the number of
 * workers, so that all together allow about as much. No request fails because its limit could not be counted.
 */
export class FallbackLimitStore implements LimitStore {
  readonly #shared: LimitStore;
  readonly #own: LimitStore;
  readonly #workers: number;
  readonly #logger = new Logger('RateLimit');
  #away = false;
  #askAgainAt = 0;

  constructor(shared: LimitStore, own: LimitStore, workers: number) {
    this.#shared = shared;
    this.#own = own;
    this.#workers = Math.max(1, workers);
  }

  take(uses: readonly LimitUse[], options?: TakeOptions): Promise<Taking> {
    return this.#sharedOr(
      () => this.#shared.take(uses, options),
      () => {
        withoutRedis.inc();
        return this.#own.take(uses.map((use) => ({ ...use, limit: Math.max(1, Math.ceil(use.limit / this.#workers)) })));
      },
    );
  }

  giveBack(keys: readonly string[]): Promise<void> {
    return this.#sharedOr(
      () => this.#shared.giveBack(keys),
      () => this.#own.giveBack(keys),
    );
  }

  #sharedOr<T>(shared: () => Promise<T>, own: () => Promise<T>): Promise<T> {
    if (!this.#away) return shared().catch((error: unknown) => this.#turnAway(error, own));
    const now = performance.now();
    if (now < this.#askAgainAt) return own();
    // This request finds out whether the store is back; the others go on without it.
    this.#askAgainAt = now + REST_MS;
    return shared().then(
      (result) => {
        if (this.#away) this.#logger.log('redis-state counts the limits again');
        this.#away = false;
        return result;
      },
      (error: unknown) => this.#turnAway(error, own),
    );
  }

  #turnAway<T>(error: unknown, own: () => Promise<T>): Promise<T> {
    if (!(error instanceof AppError) || error.code !== 'dependency-unavailable') return Promise.reject(error);
    if (!this.#away) this.#logger.warn(`redis-state is away: limits are counted in memory, 1/${this.#workers} of each`);
    this.#away = true;
    this.#askAgainAt = performance.now() + REST_MS;
    return own();
  }
}
