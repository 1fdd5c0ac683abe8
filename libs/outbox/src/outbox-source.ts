import type { Envelope } from '@shopfleet/contracts';

/** An event that was recorded together with the change that it tells of, and is not published yet. */
export interface OutboxEntry {
  /** Names the entry in {@link OutboxSource.markSent}; need not be the id of the event. */
  readonly id: string;
  readonly event: Envelope;
}

/** What waits to be published. */
export interface Backlog {
  readonly pending: number;
  /** When the oldest entry was recorded; undefined when none waits. */
  readonly oldestAt: Date | undefined;
}

/** Where recorded events wait: a collection in MongoDB, a stream in Redis. Only the leading relay reads it. */
export interface OutboxSource {
  /**
   * The oldest entries that are not marked as sent, at most `limit`. Entries of one subject come in the order in which
   * they were recorded. Asked again without a mark in between, it answers the same; those in `published` it may leave out.
   */
  claimBatch(limit: number, published?: ReadonlySet<string>): Promise<readonly OutboxEntry[]>;
  /** How many entries wait (counted up to a bound) and since when the first of them does, for operators. */
  backlog(): Promise<Backlog>;
  /** Marks entries as published; they are not claimed again. Marking twice does no harm. */
  markSent(ids: readonly string[]): Promise<void>;
  /**
   * Calls back soon after an entry was recorded by any process. A hint, which may be late, doubled or lost: the relay
   * polls besides. Resolves with the function that ends it.
   */
  onInsert(callback: () => void): Promise<() => Promise<void>>;
}

/**
 * Carries the word that something was recorded from one process of a service to the one that publishes. Only a hint,
 * like {@link OutboxSource.onInsert}, whose place it takes; `RedisStateClient` is one.
 */
export interface OutboxBell {
  publish(channel: string, message: string): Promise<unknown>;
  /** `onGap`: words may have been missed. Resolves with the function that ends it. */
  listen(channel: string, listener: { readonly onMessage: () => void; readonly onGap: () => void }): Promise<() => Promise<void>>;
}

/** Lets one of many processes lead, for as long as it renews. Time is the server's, so that clocks need not agree. */
export interface LeaderLease {
  /** Takes or renews the lease for `ttlMs`; resolves false while another owner holds it. */
  acquire(owner: string, ttlMs: number): Promise<boolean>;
  /** Gives it up, so that another may lead at once. */
  release(owner: string): Promise<void>;
}
