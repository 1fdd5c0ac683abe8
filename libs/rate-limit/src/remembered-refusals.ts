import type { LimitState, LimitStore, LimitUse, TakeOptions, Taking } from './limit-store.ts';

/** Whom one worker can remember at most; beyond, the oldest refusal is forgotten first and asked for again. */
const MOST_REFUSALS = 10_000;

/**
 * Answers for a limit that has refused until its window ends, so that a flood costs the store one question. Exactly N
 * stays N: a used-up window frees nothing before its end. Durable uses can be given back, and are asked for each time.
 */
export class RememberedRefusals implements LimitStore {
  readonly #store: LimitStore;
  readonly #now: () => number;
  readonly #refusals = new Map<string, { readonly uses: number; readonly endsAt: number }>();

  /** @param now milliseconds of a clock that never goes back */
  constructor(store: LimitStore, now: () => number = () => performance.now()) {
    this.#store = store;
    this.#now = now;
  }

  take(uses: readonly LimitUse[], options?: TakeOptions): Promise<Taking> {
    if (options?.durable === true) return this.#store.take(uses, options);
    if (this.#refusals.size > 0) {
      const remembered = this.#remembered(uses);
      if (remembered !== undefined) return Promise.resolve(remembered);
    }
    return this.#store.take(uses, options).then((taking) => {
      if (taking.refusedBy !== undefined) this.#remember(uses[taking.refusedBy], taking.states[taking.refusedBy]);
      return taking;
    });
  }

  giveBack(keys: readonly string[]): Promise<void> {
    return this.#store.giveBack(keys);
  }

  #remembered(uses: readonly LimitUse[]): Taking | undefined {
    const now = this.#now();
    for (const [i, { key }] of uses.entries()) {
      const refusal = this.#refusals.get(key);
      if (refusal === undefined) continue;
      if (refusal.endsAt > now) {
        const states = uses.map(({ windowMs }, j): LimitState => (j === i ? { uses: refusal.uses, resetMs: refusal.endsAt - now } : { uses: 0, resetMs: windowMs }));
        return { allowed: false, refusedBy: i, states };
      }
      this.#refusals.delete(key);
    }
    return undefined;
  }

  #remember(use: LimitUse | undefined, state: LimitState | undefined): void {
    if (use === undefined || state === undefined) return;
    this.#refusals.set(use.key, { uses: state.uses, endsAt: this.#now() + state.resetMs });
    if (this.#refusals.size <= MOST_REFUSALS) return;
    const oldest = this.#refusals.keys().next();
    if (!oldest.done) this.#refusals.delete(oldest.value);
  }
}
