import type { ThrottlerStorage } from '@nestjs/throttler';
import type { LimitStore } from './limit-store.ts';

type ThrottlerRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** Lets @nestjs/throttler count in a `LimitStore`. A refused use is blocked until its window ends, never longer. */
export class LimitThrottlerStorage implements ThrottlerStorage {
  readonly #store: LimitStore;

  constructor(store: LimitStore) {
    this.#store = store;
  }

  async increment(key: string, windowMs: number, limit: number): Promise<ThrottlerRecord> {
    const { allowed, states } = await this.#store.take([{ key, limit, windowMs }]);
    const { uses, resetMs } = states[0] ?? { uses: 0, resetMs: windowMs };
    const seconds = Math.max(1, Math.ceil(resetMs / 1_000));
    return { totalHits: allowed ? uses : uses + 1, timeToExpire: seconds, isBlocked: !allowed, timeToBlockExpire: allowed ? 0 : seconds };
  }
}
