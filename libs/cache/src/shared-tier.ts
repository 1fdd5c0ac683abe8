import { createHash, randomUUID } from 'node:crypto';
import { loadScript, type RedisCacheClient, type Script } from '@shopfleet/redis';
import { decodeStored, encodeStored, type StoredAnswer } from './stored-answer.ts';

// Longer than any answer lives; a generation that expires only makes its answers misses.
const GENERATION_SECONDS = 172_800;
// A fill that takes longer loses its lock, and one more worker reads the database.
const LOCK_MS = 3_000;
// After a failure Redis is left alone so long, so that a Redis that hangs costs one request its time-out, not each.
const PAUSE_MS = 2_000;

/** What Redis knows about one key at one moment. */
export interface Looked {
  /** Of the key's tags, as they were when the answer was looked up; an answer filled after this is stored with them. */
  readonly generations: readonly string[];
  readonly answer: StoredAnswer | undefined;
}

/**
 * The tier that all workers share (L2). Every tag has a generation in Redis, every answer carries the generations that
 * stood when its source was read. To invalidate is to replace a generation: an answer whose fill began before that does
 * not match any more, however late it is stored. No method rejects: undefined means that Redis is away. Each sends its first
 * command before it returns, by one connection: calls in a row reach Redis in that order.
 */
export class SharedTier {
  readonly #client: RedisCacheClient;
  readonly #prefix: string;
  readonly #release: Script<number>;
  #failed = false;
  #pausedUntil = 0;

  constructor(client: RedisCacheClient, namespace: string) {
    this.#client = client;
    this.#prefix = `cache:${namespace}`;
    this.#release = loadScript<number>(client, new URL('../lua/release-lock.lua', import.meta.url), { keys: 1 });
  }

  get channel(): string {
    return `${this.#prefix}:invalidated`;
  }

  get connected(): boolean {
    return this.#client.status === 'ready' && !this.#failed;
  }

  async look(id: string, tags: readonly string[]): Promise<Looked | undefined> {
    return this.#attempt(async () => {
      const keys = tags.map((tag) => this.#generationKey(tag));
      const [bytes, ...found] = await this.#client.mgetBuffer(this.#answerKey(id), ...keys);
      const generations = await this.#completeGenerations(keys, found);
      return { generations, answer: bytes ? await decodeStored(bytes, generations) : undefined };
    });
  }

  async keep(id: string, answer: StoredAnswer, generations: readonly string[]): Promise<void> {
    const lifetime = Math.max(1, answer.staleUntil - Date.now());
    await this.#attempt(() => this.#client.set(this.#answerKey(id), encodeStored(answer, generations), 'PX', lifetime));
  }

  /** Resolves false when Redis did not take it. */
  async invalidate(tags: readonly string[], message: string): Promise<boolean> {
    const done = await this.#attempt(async () => {
      const batch = this.#client.multi();
      for (const tag of tags) batch.set(this.#generationKey(tag), randomUUID(), 'EX', GENERATION_SECONDS);
      batch.publish(this.channel, message);
      for (const [error] of (await batch.exec()) ?? []) if (error) throw error;
      return true;
    });
    return done ?? false;
  }

  /**
   * A function that gives the lock back; 'taken' when another worker fills already; undefined without Redis. The lock is
   * of one generation: who asks after an invalidation does not wait for a fill that began before it.
   */
  async lock(id: string, generations: readonly string[]): Promise<(() => Promise<void>) | 'taken' | undefined> {
    const token = randomUUID();
    const generation = createHash('sha1').update(generations.join()).digest('base64url');
    const key = `${this.#prefix}:lock:${id}:${generation}`;
    return this.#attempt(async () => {
      if ((await this.#client.set(key, token, 'PX', LOCK_MS, 'NX')) === null) return 'taken' as const;
      return async () => void (await this.#attempt(() => this.#release([key], token)));
    });
  }

  async listen(onMessage: (message: string) => void, onGap: () => void): Promise<() => Promise<void>> {
    return this.#client.listen(this.channel, { onMessage, onGap });
  }

  // A generation may be missing (first use, evicted, Redis restarted): a new one is made before anything is stored
  // under it, never an empty one, which would match again after the next eviction.
  async #completeGenerations(keys: readonly string[], found: readonly (Buffer | null)[]): Promise<string[]> {
    if (found.every((value) => value !== null)) return found.map(String);
    const batch = this.#client.multi();
    for (const key of keys) batch.set(key, randomUUID(), 'EX', GENERATION_SECONDS, 'NX');
    batch.mget(...keys);
    const results = (await batch.exec()) ?? [];
    for (const [error] of results) if (error) throw error;
    return (results.at(-1)?.[1] as string[]).map(String);
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.#client.status !== 'ready' || Date.now() < this.#pausedUntil) return undefined;
    // After a failure one caller tries; the others go on without Redis until it has answered.
    if (this.#failed) this.#pausedUntil = Date.now() + PAUSE_MS;
    try {
      const result = await work();
      this.#failed = false;
      this.#pausedUntil = 0;
      return result;
    } catch {
      this.#failed = true;
      this.#pausedUntil = Date.now() + PAUSE_MS;
      return undefined;
    }
  }

  #answerKey(id: string): string {
    return `${this.#prefix}:answer:${id}`;
  }

  #generationKey(tag: string): string {
    return `${this.#prefix}:generation:${tag}`;
  }
}
