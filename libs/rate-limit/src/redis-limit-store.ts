import { loadScript, type RedisStateClient, type Script } from '@shopfleet/redis';
import type { LimitState, LimitStore, LimitUse, Taking } from './limit-store.ts';

// The common hash tag keeps the limits of one use on one node of a Redis Cluster.
const keyOf = (key: string): string => `{limit}:${key}`;

/** Limits shared by all workers of all services: one atomic script and one round trip per use, however many limits. */
export class RedisLimitStore implements LimitStore {
  readonly #take: (count: number) => Script<readonly number[]>;
  readonly #giveBack: (count: number) => Script<number>;

  constructor(redis: RedisStateClient) {
    this.#take = memoised((keys) => loadScript<readonly number[]>(redis, new URL('../lua/take.lua', import.meta.url), { keys }));
    this.#giveBack = memoised((keys) => loadScript<number>(redis, new URL('../lua/give-back.lua', import.meta.url), { keys }));
  }

  /** @throws AppError `dependency-unavailable` when Redis cannot serve */
  async take(uses: readonly LimitUse[]): Promise<Taking> {
    const keys = uses.map(({ key }) => keyOf(key));
    const [refusing = 0, ...numbers] = await this.#take(uses.length)(keys, ...uses.flatMap(({ limit, windowMs }) => [limit, windowMs]));
    const states = uses.map((_, i): LimitState => ({ uses: numbers[2 * i] ?? 0, resetMs: numbers[2 * i + 1] ?? 0 }));
    return { allowed: refusing === 0, refusedBy: refusing === 0 ? undefined : refusing - 1, states };
  }

  /** @throws AppError `dependency-unavailable` when Redis cannot serve */
  async giveBack(keys: readonly string[]): Promise<void> {
    await this.#giveBack(keys.length)(keys.map(keyOf));
  }
}

function memoised<T>(make: (count: number) => T): (count: number) => T {
  const made = new Map<number, T>();
  return (count) => {
    const existing = made.get(count);
    if (existing !== undefined) return existing;
    const fresh = make(count);
    made.set(count, fresh);
    return fresh;
  };
}
