export interface CacheFamilyOptions {
  /** Part of every key and a tag of every answer in the family. */
  readonly name: string;
  /** How long Redis keeps an answer fresh. Jittered by ± 10 %, so that what was filled together does not expire together. */
  readonly ttlSeconds: number;
  /** How long after that an answer may still be given while a new one is made, or while the database is away. Default 60. */
  readonly staleSeconds?: number;
}

// In peak mode everything is kept this long; invalidation goes on as ever, so nothing gets older by it.
const PEAK_TTL_SECONDS = 1_800;
const JITTER = 0.1;

/**
 * One kind of answer with one lifetime.
 *
 * @example const productList = new CacheFamily({ name: 'product-list', ttlSeconds: 300 });
 */
export class CacheFamily {
  readonly name: string;
  readonly ttlSeconds: number;
  readonly staleSeconds: number;

  constructor({ name, ttlSeconds, staleSeconds = 60 }: CacheFamilyOptions) {
    this.name = name;
    this.ttlSeconds = ttlSeconds;
    this.staleSeconds = staleSeconds;
  }

  /** Milliseconds that one answer stays fresh. */
  lifetimeMs(peakMode: boolean): number {
    const seconds = peakMode ? Math.max(this.ttlSeconds, PEAK_TTL_SECONDS) : this.ttlSeconds;
    return Math.round(seconds * 1_000 * (1 - JITTER + 2 * JITTER * Math.random()));
  }
}
