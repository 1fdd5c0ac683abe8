/**
 * Lets one after the other through to a row that all would write to: of a hundred transactions on one row ninety-nine
 * conflict, roll back and try again, while a hundred in a line do not. Only within this process, which is enough to
 * turn a crowd into as many contenders as there are workers.
 */
export class Turnstile {
  readonly #lines = new Map<string, Promise<unknown>>();

  async through<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#lines.get(key) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.#lines.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.#lines.get(key) === turn) this.#lines.delete(key);
    }
  }
}
