import { Logger } from '@nestjs/common';
import { AppError } from '@shopfleet/kernel';
import type { LimitStore, LimitUse, Taking } from './limit-store.ts';

/** How long a request waits for its limit before the worker counts by itself, in milliseconds. */
const PATIENCE_MS = 500;

/** For how long Redis is not asked again after it failed, in milliseconds; so that not every request waits for it. */
const REST_MS = 1_000;

/**
 * Counts in the shared store, and while that is away in this worker's memory, with each limit divided by the number of
 * workers, so that all together allow about as much. No request fails because its limit could not be counted.
 */
export class FallbackLimitStore implements LimitStore {
  readonly #shared: LimitStore;
  readonly #own: LimitStore;
  readonly #workers: number;
  readonly #logger = new Logger('RateLimit');
  #restUntil = 0;

  constructor(shared: LimitStore, own: LimitStore, workers: number) {
    this.#shared = shared;
    this.#own = own;
    this.#workers = Math.max(1, workers);
  }

  async take(uses: readonly LimitUse[]): Promise<Taking> {
    return this.#sharedOr(
      () => this.#shared.take(uses),
      () => this.#own.take(uses.map((use) => ({ ...use, limit: Math.max(1, Math.ceil(use.limit / this.#workers)) }))),
    );
  }

  async giveBack(keys: readonly string[]): Promise<void> {
    await this.#sharedOr(
      () => this.#shared.giveBack(keys),
      () => this.#own.giveBack(keys),
    );
  }

  async #sharedOr<T>(shared: () => Promise<T>, own: () => Promise<T>): Promise<T> {
    if (performance.now() < this.#restUntil) return own();
    try {
      const result = await within(PATIENCE_MS, shared());
      if (this.#restUntil > 0) this.#logger.log('redis-state counts the limits again');
      this.#restUntil = 0;
      return result;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'dependency-unavailable') throw error;
      if (this.#restUntil === 0) this.#logger.warn(`redis-state is away: limits are counted in memory, 1/${this.#workers} of each`);
      this.#restUntil = performance.now() + REST_MS;
      return own();
    }
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('dependency-unavailable', { detail: 'The limits are not answering.' })), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
