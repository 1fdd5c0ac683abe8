import type { LeaderLease } from '@shopfleet/outbox';
import { loadScript, type RedisStateClient, type Script } from '@shopfleet/redis';

/** A lease as one key with an expiry in redis-state. */
export class RedisLease implements LeaderLease {
  readonly #key: string;
  readonly #acquire: Script<number>;
  readonly #release: Script<number>;

  constructor(redis: RedisStateClient, key: string) {
    this.#key = key;
    this.#acquire = loadScript(redis, new URL('../../lua/lease-acquire.lua', import.meta.url), { keys: 1 });
    this.#release = loadScript(redis, new URL('../../lua/lease-release.lua', import.meta.url), { keys: 1 });
  }

  async acquire(owner: string, ttlMs: number): Promise<boolean> {
    return (await this.#acquire([this.#key], owner, ttlMs)) === 1;
  }

  async release(owner: string): Promise<void> {
    await this.#release([this.#key], owner);
  }
}
