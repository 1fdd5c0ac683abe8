import { envelopeSchema } from '@shopfleet/contracts';
import type { Backlog, OutboxEntry, OutboxSource } from '@shopfleet/outbox';
import { asUnavailable, type RedisStateClient } from '@shopfleet/redis';

/**
 * The outbox as a stream in redis-state: the scripts that change carts append to it in the same step, so its order is
 * the order of the changes. What is published is deleted; the stream is as long as what still has to go out.
 */
export class RedisStreamOutbox implements OutboxSource {
  readonly #redis: RedisStateClient;
  readonly #key: string;

  constructor(redis: RedisStateClient, key: string) {
    this.#redis = redis;
    this.#key = key;
  }

  async claimBatch(limit: number): Promise<readonly OutboxEntry[]> {
    const rows = await this.#redis.xrange(this.#key, '-', '+', 'COUNT', limit).catch(unavailable);
    return rows.map(([id, [, json = '']]) => ({ id, event: envelopeSchema.parse(JSON.parse(json)) }));
  }

  async backlog(): Promise<Backlog> {
    const [pending, [oldest]] = await Promise.all([this.#redis.xlen(this.#key), this.#redis.xrange(this.#key, '-', '+', 'COUNT', 1)]).catch(unavailable);
    // The id of an entry begins with the server's time.
    return { pending, oldestAt: oldest && new Date(Number(oldest[0].split('-', 1)[0])) };
  }

  async markSent(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#redis.xdel(this.#key, ...ids).catch(unavailable);
  }

  /** The scripts publish on a channel of the stream's name. */
  async onInsert(callback: () => void): Promise<() => Promise<void>> {
    return this.#redis.listen(this.#key, { onMessage: callback, onGap: callback });
  }
}

function unavailable(error: unknown): never {
  throw asUnavailable(error);
}
