import { setTimeout as pause } from 'node:timers/promises';
import { AppError, PassingSet, type Drainable } from '@shopfleet/kernel';
import { counter } from '@shopfleet/metrics';
import type { RedisCacheClient } from '@shopfleet/redis';
import type { CacheFamily } from './cache-family.ts';
import type { CachedAnswer, CacheTier, Fill } from './cached-answer.ts';
import { MemoryTier, type Mark } from './memory-tier.ts';
import { SharedTier } from './shared-tier.ts';
import { storedAnswerOf, type StoredAnswer } from './stored-answer.ts';

export interface CacheOptions {
  /** The service whose answers these are; two namespaces in one Redis never meet. */
  readonly namespace: string;
  /** The shared tier; without it each process keeps to its own memory. */
  readonly client?: RedisCacheClient;
  /** Bound of the memory tier. Default 32 MiB. */
  readonly maxBytes?: number;
  /** Keeps every answer 30 minutes in Redis: for the days when everybody comes. Invalidation works as ever. */
  readonly peakMode?: boolean;
}

/** How many reads each tier answered since the start, and how many bytes the memory tier holds. */
export type CacheStatistics = Readonly<Record<CacheTier, number>> & { readonly bytes: number };

// Memory answers this long before Redis is asked again, and less where no invalidation could be heard.
const MEMORY_MS = 10_000;
const MEMORY_UNHEARD_MS = 1_000;
// With the two seconds after which a database that is away refuses (libs/mongo), nobody waits for more than three.
const WAIT_FOR_OTHER_WORKER_MS = 800;
const POLL_MS = 15;
// Past this many invalidations that Redis has missed, everything counts as invalidated.
const MAX_MISSED = 10_000;
const EVERYTHING = '*';

const reads = counter('shop_cache_reads_total', 'Answers given by each tier: L1 memory, L2 Redis, MISS the database, STALE past their time', ['family', 'tier']);

interface Flight {
  readonly tags: readonly string[];
  readonly promise: Promise<CachedAnswer>;
}

interface Request {
  readonly family: CacheFamily;
  readonly id: string;
  readonly tags: readonly string[];
  readonly fill: Fill;
}

/**
 * Ready answers in two tiers: memory (10 s) and redis-cache (the family's time). One fill at a time per key, in the
 * process and, while Redis is there, among all workers. Works without Redis. After `invalidate` has resolved, no worker
 * that hears the channel gives an older answer for more than a second, not even from a fill that was under way.
 *
 * @example
 * const answer = await cache.read(productDetail, slug, async () => ({ json: await repository.findBySlug(slug) }), [`product:${slug}`]);
 * await cache.invalidate([`product:${slug}`]);
 */
export class Cache implements Drainable {
  readonly #memory: MemoryTier;
  readonly #shared: SharedTier | undefined;
  readonly #peakMode: boolean;
  readonly #flights = new Map<string, Flight>();
  readonly #refreshing = new Set<string>();
  readonly #background = new PassingSet<Promise<unknown>>();
  readonly #missed = new Set<string>();
  readonly #counts: Record<CacheTier, number> = { L1: 0, L2: 0, MISS: 0, STALE: 0 };
  #stopListening: (() => Promise<void>) | undefined;

  constructor({ namespace, client, maxBytes = 32 * 1024 * 1024, peakMode = false }: CacheOptions) {
    this.#memory = new MemoryTier(maxBytes);
    this.#shared = client && new SharedTier(client, namespace);
    this.#peakMode = peakMode;
  }

  /** Begins to hear what other workers invalidate. Resolves once Redis has confirmed; without Redis only when it comes. */
  async listen(): Promise<void> {
    const forgetAll = (): void => this.#memory.forgetAll();
    this.#stopListening = await this.#shared?.listen((message) => this.#forget(JSON.parse(message) as string[]), forgetAll);
    forgetAll();
  }

  /**
   * The answer under `key`, from the nearest tier that has it.
   * @param tags what the answer depends on, known before it is read; the family's name is always one of them
   * @throws what `fill` throws; nothing is kept then
   */
  async read(family: CacheFamily, key: string, fill: Fill, tags: readonly string[] = []): Promise<CachedAnswer> {
    const id = `${family.name}:${key}`;
    const found = this.peek(id);
    if (found) return found;
    const flight = this.#flights.get(id);
    if (flight) return flight.promise;
    return this.#fly({ family, id, fill, tags: [EVERYTHING, family.name, ...tags] });
  }

  /** The answer with this `id` if memory holds it and it is fresh; asks nobody. */
  peek(id: string): CachedAnswer | undefined {
    const found = this.#memory.find(id);
    return found && found.ageMs < this.#memoryMs && Date.now() < found.answer.freshUntil ? this.#answer(id, found.answer, 'L1') : undefined;
  }

  /**
   * Makes every answer with one of these tags (or of these families) unusable, here at once and in other workers as
   * soon as the channel has told them. Call it after the commit. Without Redis it is made up for when Redis is back.
   */
  async invalidate(tagsOrFamilies: readonly (string | CacheFamily)[]): Promise<void> {
    const tags = tagsOrFamilies.map((item) => (typeof item === 'string' ? item : item.name));
    this.#forget(tags);
    if (!this.#shared) return;
    for (const tag of tags) this.#missed.add(tag);
    if (this.#missed.size > MAX_MISSED) {
      this.#missed.clear();
      this.#missed.add(EVERYTHING);
    }
    await this.#tellMissed();
  }

  get statistics(): CacheStatistics {
    return { ...this.#counts, bytes: this.#memory.bytes };
  }

  /** Waits for what is being stored and stops listening. */
  async drain(): Promise<void> {
    await Promise.allSettled([...this.#background]);
    await this.#stopListening?.().catch(() => undefined);
  }

  #fly(request: Request): Promise<CachedAnswer> {
    const promise = this.#load(request).finally(() => {
      if (this.#flights.get(request.id)?.promise === promise) this.#flights.delete(request.id);
    });
    this.#flights.set(request.id, { tags: request.tags, promise });
    return promise;
  }

  async #load(request: Request): Promise<CachedAnswer> {
    const mark = this.#memory.mark(request.tags);
    const looked = (await this.#tellMissed()) ? await this.#shared?.look(request.id, request.tags) : undefined;
    const now = Date.now();
    if (looked?.answer && now < looked.answer.freshUntil) return this.#fromShared(request, looked.answer, mark);
    if (looked?.answer && now < looked.answer.staleUntil) {
      this.#refresh(request, looked.generations, mark);
      return this.#answer(request.id, looked.answer, 'STALE');
    }
    try {
      return await this.#make(request, looked?.generations, mark);
    } catch (error) {
      const old = this.#memory.find(request.id)?.answer;
      const refused = error instanceof AppError && error.status < 500;
      if (old && !refused && Date.now() < old.staleUntil) return this.#answer(request.id, old, 'STALE');
      throw error;
    }
  }

  #refresh(request: Request, generations: readonly string[], mark: Mark): void {
    if (this.#refreshing.has(request.id)) return;
    this.#refreshing.add(request.id);
    this.#inBackground(this.#make(request, generations, mark).finally(() => this.#refreshing.delete(request.id)));
  }

  async #make(request: Request, generations: readonly string[] | undefined, mark: Mark): Promise<CachedAnswer> {
    if (!this.#shared || !generations) return this.#answer(request.id, await this.#fill(request, mark), 'MISS');
    // Asked in this order on one connection: whoever had the lock before us may have filled between our look and our lock.
    const [lock, again] = await Promise.all([this.#shared.lock(request.id, generations), this.#shared.look(request.id, request.tags)]);
    if (lock === 'taken') {
      const made = await this.#waitForOther(request, mark);
      return made ?? this.#answer(request.id, await this.#fill(request, mark), 'MISS');
    }
    if (again?.answer && Date.now() < again.answer.freshUntil) {
      this.#inBackground(lock?.());
      return this.#fromShared(request, again.answer, mark);
    }
    try {
      const current = again?.generations ?? generations;
      const answer = await this.#fill(request, mark, current.join());
      // In this order on one connection: who finds the lock free finds the answer too.
      this.#inBackground(Promise.all([this.#shared.keep(request.id, answer, current), lock?.()]));
      return this.#answer(request.id, answer, 'MISS');
    } catch (error) {
      this.#inBackground(lock?.());
      throw error;
    }
  }

  async #waitForOther(request: Request, mark: Mark): Promise<CachedAnswer | undefined> {
    const end = Date.now() + WAIT_FOR_OTHER_WORKER_MS;
    while (Date.now() < end) {
      await pause(POLL_MS);
      const looked = await this.#shared?.look(request.id, request.tags);
      if (!looked) return undefined;
      if (looked.answer && Date.now() < looked.answer.freshUntil) return this.#fromShared(request, looked.answer, mark);
    }
    return undefined;
  }

  async #fill({ family, id, tags, fill }: Request, mark: Mark, generation?: string): Promise<StoredAnswer> {
    const filled = await fill(generation);
    const ends = filled.freshUntil?.getTime() ?? Infinity;
    const freshUntil = Math.min(Date.now() + family.lifetimeMs(this.#peakMode), ends);
    // What stops being true at a moment is not given past it, not even while a new answer is made.
    const answer = await storedAnswerOf(filled, freshUntil, Math.min(freshUntil + family.staleSeconds * 1_000, ends));
    this.#memory.keep(id, answer, tags, mark);
    return answer;
  }

  #fromShared(request: Request, answer: StoredAnswer, mark: Mark): CachedAnswer {
    this.#memory.keep(request.id, answer, request.tags, mark);
    return this.#answer(request.id, answer, 'L2');
  }

  #forget(tags: readonly string[]): void {
    if (tags.includes(EVERYTHING)) this.#memory.forgetAll();
    else this.#memory.invalidate(tags);
    // Who asks from now on must not join a fill that may have read what was before.
    for (const [id, flight] of this.#flights) if (flight.tags.some((tag) => tags.includes(tag))) this.#flights.delete(id);
  }

  // Until Redis knows of every invalidation, its answers are not to be trusted. True when it does.
  async #tellMissed(): Promise<boolean> {
    if (!this.#shared || this.#missed.size === 0) return true;
    const tags = [...this.#missed];
    const told = await this.#shared.invalidate(tags, JSON.stringify(tags));
    if (told) for (const tag of tags) this.#missed.delete(tag);
    return told;
  }

  get #memoryMs(): number {
    return this.#shared && !this.#shared.connected ? MEMORY_UNHEARD_MS : MEMORY_MS;
  }

  #answer(id: string, { body, gzip, etag }: StoredAnswer, tier: CacheTier): CachedAnswer {
    this.#counts[tier] += 1;
    reads.inc({ family: id.slice(0, id.indexOf(':')), tier });
    return { body, gzip, etag, tier, id };
  }

  #inBackground(work: Promise<unknown> | undefined): void {
    if (!work) return;
    // A refresh that fails is tried again by the next reader; the answer in hand stays.
    const tracked = work.catch(() => undefined).finally(() => this.#background.delete(tracked));
    this.#background.add(tracked);
  }
}
