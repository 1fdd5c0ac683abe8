/** Remembers deliveries, so that one that comes again does nothing. The real one is a unique index beside the effect. */
export interface ReplayStore {
  /**
   * Runs `effect` unless it was run for this key before; resolves with whether it ran. When it rejects nothing is
   * remembered, so that the sender's next try runs it.
   *
   * @param keepUntil from then on the key may be forgotten: its timestamp would no longer be accepted
   */
  once(key: string, keepUntil: Date, effect: () => Promise<void>): Promise<boolean>;
}

/** For one process: development and tests. */
export class MemoryReplayStore implements ReplayStore {
  readonly #until = new Map<string, { readonly at: number; readonly done: Promise<void> }>();
  readonly #now: () => number;

  /** @param now milliseconds since the epoch */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  async once(key: string, keepUntil: Date, effect: () => Promise<void>): Promise<boolean> {
    this.#forgetOld();
    const known = this.#until.get(key);
    if (known !== undefined) {
      // Also while the first is at work: the answer "done" must not come before it is.
      await known.done;
      return false;
    }
    const done = effect();
    this.#until.set(key, { at: keepUntil.getTime(), done });
    try {
      await done;
      return true;
    } catch (error) {
      this.#until.delete(key);
      throw error;
    }
  }

  #forgetOld(): void {
    const now = this.#now();
    for (const [key, { at }] of this.#until) {
      if (at > now) return;
      this.#until.delete(key);
    }
  }
}
