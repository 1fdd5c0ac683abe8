import type { LimitState, LimitStore, LimitUse, Taking } from './limit-store.ts';

/** Whom one worker can remember at most; beyond, the oldest window is forgotten first. */
const MOST_COUNTERS = 50_000;

interface Counter {
  uses: number;
  readonly endsAt: number;
}

/** Limits of this worker alone, for the time that Redis is away. */
export class MemoryLimitStore implements LimitStore {
  readonly #counters = new Map<string, Counter>();
  readonly #now: () => number;

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  async take(uses: readonly LimitUse[]): Promise<Taking> {
    const now = this.#now();
    const refusing = uses.findIndex(({ key, limit }) => (this.#open(key, now)?.uses ?? 0) >= limit);
    if (refusing === -1) for (const { key, windowMs } of uses) this.#count(key, windowMs, now);
    const states = uses.map(({ key, windowMs }): LimitState => {
      const counter = this.#open(key, now);
      return { uses: counter?.uses ?? 0, resetMs: counter === undefined ? windowMs : counter.endsAt - now };
    });
    return { allowed: refusing === -1, refusedBy: refusing === -1 ? undefined : refusing, states };
  }

  async giveBack(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const counter = this.#open(key, this.#now());
      if (counter !== undefined && counter.uses > 0) counter.uses -= 1;
    }
  }

  #open(key: string, now: number): Counter | undefined {
    const counter = this.#counters.get(key);
    return counter !== undefined && counter.endsAt > now ? counter : undefined;
  }

  #count(key: string, windowMs: number, now: number): void {
    const counter = this.#open(key, now);
    if (counter !== undefined) {
      counter.uses += 1;
      return;
    }
    this.#counters.delete(key);
    this.#counters.set(key, { uses: 1, endsAt: now + windowMs });
    if (this.#counters.size <= MOST_COUNTERS) return;
    const oldest = this.#counters.keys().next();
    if (!oldest.done) this.#counters.delete(oldest.value);
  }
}
