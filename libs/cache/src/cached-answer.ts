/** Where an answer came from, as `X-Cache` tells it. STALE: past its time, given while a new one is made or cannot be made. */
export type CacheTier = 'L1' | 'L2' | 'MISS' | 'STALE';

/** An answer as bytes that are ready to be sent. */
export interface CachedAnswer {
  readonly body: Buffer;
  readonly gzip: Buffer;
  /** Strong validator in quotes. */
  readonly etag: string;
  readonly tier: CacheTier;
  /** To find it again by `peek`. */
  readonly id: string;
}

/** What a fill found: any JSON value. */
export interface Filled {
  readonly json: unknown;
  /** Stands before the hash in the ETag, such as `v12`, so that a client can send it back in If-Match. */
  readonly version?: string;
  /** When it stops being true, where that is sooner than the family's time: the end of a deal. */
  readonly freshUntil?: Date;
}

/**
 * Reads the answer from its source. Called once for all who ask at the same time. `generation` names the state of the answer's
 * tags: it stays the same until one of them is invalidated by any worker, so what was found under it before may be used to find
 * this. Undefined where that is not known.
 */
export type Fill = (generation: string | undefined) => Promise<Filled>;
