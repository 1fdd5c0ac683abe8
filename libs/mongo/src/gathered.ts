import { AppError } from '@shopfleet/kernel';
import { isUnavailable } from './errors.ts';

export interface GatherBounds {
  /** Items of one round. Default: 32, of which each costs little beside the request itself, and which fit into a transaction's time on a slow day. */
  readonly most?: number;
  /**
   * How long a round waits for company when there was one shortly before, in milliseconds; none waits where nothing else
   * is going on. Default: 3, about what a request takes, for what somebody waits for; what comes after the answer may wait longer, and costs less.
   */
  readonly lingerMs?: number;
}

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

// What came within this time, or within two lingerings, is company to be expected again: at 20 items a second every one has some.
const trafficMs = 50;

/**
 * Does together what is asked for at the same time: items that come in one turn of the event loop, or while a round is under way, make up the next one, so
 * that a busy process asks the database once for many. A round of several that fails is done again item by item, and
 * each gets what becomes of it alone; so `work` must have no effect when it throws, as a transaction has none.
 *
 * @example
 * const prices = new Gathered((skus: readonly string[]) => findAll(skus));
 * await Promise.all([prices.run('A'), prices.run('B')]); // one question
 */
export class Gathered<T, R> {
  private readonly most: number;
  private readonly lingerMs: number;
  private waiting: Waiting<T, R>[] = [];
  private running = false;
  private full: (() => void) | undefined;
  private endedAt = Number.NEGATIVE_INFINITY;

  /** @param work resolves with one result for each item, in their order */
  constructor(
    private readonly work: (items: readonly T[]) => Promise<readonly R[]>,
    { most = 32, lingerMs = 3 }: GatherBounds = {},
  ) {
    this.most = most;
    this.lingerMs = lingerMs;
  }

  /** Resolves or rejects with what became of this item. */
  run(item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.running) void this.rounds();
      else if (this.waiting.length >= this.most) this.full?.();
    });
  }

  private async rounds(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) {
      const inTraffic = performance.now() - this.endedAt < Math.max(trafficMs, 2 * this.lingerMs);
      // What one read of a socket brings comes in one turn of the event loop.
      if (!inTraffic) await new Promise((resolve) => setImmediate(resolve));
      else if (this.waiting.length < this.most) await this.company();
      await this.round(this.waiting.splice(0, this.most));
      this.endedAt = performance.now();
    }
    this.running = false;
  }

  /** Resolves when the time for waiting is over, or nobody else would fit in. */
  private async company(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.lingerMs);
      this.full = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.full = undefined;
  }

  /** Resolves with the error when the database is away: then nobody else is kept waiting for it either. */
  private async round(round: readonly Waiting<T, R>[]): Promise<unknown> {
    try {
      const results = await this.work(round.map(({ item }) => item));
      round.forEach(({ resolve }, index) => resolve(results[index] as R));
      return undefined;
    } catch (error) {
      const away = isAway(error);
      const all = round.length === 1 || away || isUndecided(error);
      if (!all) return this.oneByOne(round);
      const failed = away ? [...round, ...this.waiting.splice(0)] : round;
      failed.forEach(({ reject }) => reject(error));
      return away ? error : undefined;
    }
  }

  private async oneByOne(round: readonly Waiting<T, R>[]): Promise<unknown> {
    for (const [index, one] of round.entries()) {
      const error = await this.round([one]);
      if (error === undefined) continue;
      round.slice(index + 1).forEach(({ reject }) => reject(error));
      return error;
    }
    return undefined;
  }
}

const isAway = (error: unknown): boolean => isUnavailable(error) || (isUndecided(error) && isUnavailable(error.cause));

// The time was up, perhaps during the commit: it may have been done, and must not be done again under this question.
const isUndecided = (error: unknown): error is AppError => error instanceof AppError && error.code === 'dependency-unavailable';

/** What several items ask for cannot be done together: thrown by their work, so that each is done alone. */
export class NotTogether extends Error {}
