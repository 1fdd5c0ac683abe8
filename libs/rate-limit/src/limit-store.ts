/** One limit that a use counts against. */
export interface LimitUse {
  /** Names the limit and whom it is for, such as `cart:default:203.0.113.7`. */
  readonly key: string;
  /** Uses within one window. */
  readonly limit: number;
  /** Length of the window in milliseconds; it starts with the first use. */
  readonly windowMs: number;
}

/** How one limit stands. */
export interface LimitState {
  /** Uses so far in the open window, this one included when it was allowed. */
  readonly uses: number;
  /** Milliseconds until the window ends and all uses are back. */
  readonly resetMs: number;
}

/** The outcome of a use: taken from all limits, or, where one refuses, from none. */
export interface Taking {
  readonly allowed: boolean;
  /** Index of the limit that refused; undefined when allowed. */
  readonly refusedBy: number | undefined;
  /** One per limit, in the order asked. */
  readonly states: readonly LimitState[];
}

export interface TakeOptions {
  /** Survives a crash of the store, at the price of a write to its disk; uses that are given back must be durable. */
  readonly durable?: boolean;
}

/** Where uses are counted. One behaviour, two implementations: shared by all workers in Redis, or one worker's memory. */
export interface LimitStore {
  /** Takes one use from every limit, or none. Exactly `limit` uses per window succeed, however many ask at once. */
  take(uses: readonly LimitUse[], options?: TakeOptions): Promise<Taking>;
  /** Gives one use back to each limit that was taken durably, where its window is still open. */
  giveBack(keys: readonly string[]): Promise<void>;
}
