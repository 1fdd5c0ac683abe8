import { loadScript, type RedisStateClient, type Script, type ScriptArgument } from '@shopfleet/redis';
import type { LimitState, LimitStore, LimitUse, TakeOptions, Taking } from './limit-store.ts';

// The common hash tag keeps the limits of one call on one node of a Redis Cluster.
const keyOf = (key: string): string => `{limit}:${key}`;

/** Questions in one call at most: a script holds up everybody else's commands while it runs, about 3 µs per limit. */
const MOST_AT_ONCE = 128;

interface Asker {
  readonly resolve: (taking: Taking) => void;
  readonly reject: (error: unknown) => void;
}

/** The same uses, asked for by all who came in one turn of the event loop. */
type Questions = ReadonlyMap<readonly LimitUse[], readonly Asker[]>;

/**
 * Limits shared by all workers of all services, counted by one atomic script. All requests that a worker reads in one
 * turn of its event loop ask in one call, and those with the very same list of uses in one question: a limit costs at
 * most one round trip, and under load a fraction of one.
 */
export class RedisLimitStore implements LimitStore {
  readonly #take: Script<readonly number[]>;
  readonly #giveBack: Script<number>;
  #waiting = new Map<readonly LimitUse[], Asker[]>();

  constructor(redis: RedisStateClient) {
    this.#take = loadScript(redis, new URL('../lua/take.lua', import.meta.url), { keys: 'any' });
    this.#giveBack = loadScript(redis, new URL('../lua/give-back.lua', import.meta.url), { keys: 'any' });
  }

  /** @throws AppError `dependency-unavailable` when Redis cannot serve */
  take(uses: readonly LimitUse[], { durable = false }: TakeOptions = {}): Promise<Taking> {
    return new Promise((resolve, reject) => {
      const asker = { resolve, reject };
      if (durable) {
        void this.#ask('durable', new Map([[uses, [asker]]]));
        return;
      }
      const others = this.#waiting.get(uses);
      if (others !== undefined) {
        others.push(asker);
        return;
      }
      this.#waiting.set(uses, [asker]);
      // The check phase of the event loop comes right after all sockets that had something were read.
      if (this.#waiting.size === 1) setImmediate(() => this.#askAll());
      else if (this.#waiting.size === MOST_AT_ONCE) this.#askAll();
    });
  }

  /** @throws AppError `dependency-unavailable` when Redis cannot serve */
  async giveBack(keys: readonly string[]): Promise<void> {
    await this.#giveBack(keys.map(keyOf));
  }

  #askAll(): void {
    const questions = this.#waiting;
    if (questions.size === 0) return;
    this.#waiting = new Map();
    void this.#ask('memory', questions);
  }

  async #ask(durability: 'durable' | 'memory', questions: Questions): Promise<void> {
    const keys: string[] = [];
    const figures: ScriptArgument[] = [durability];
    for (const [uses, askers] of questions) {
      figures.push(askers.length, uses.length);
      for (const { key, limit, windowMs } of uses) {
        keys.push(keyOf(key));
        figures.push(limit, windowMs);
      }
    }
    try {
      const numbers = await this.#take(keys, ...figures);
      let at = 0;
      for (const [uses, askers] of questions) {
        answer(askers, numbers, at, uses.length);
        at += 2 + 2 * uses.length;
      }
    } catch (error) {
      for (const askers of questions.values()) for (const { reject } of askers) reject(error);
    }
  }
}

/** The first come get what was granted, each as if it had asked alone. */
function answer(askers: readonly Asker[], numbers: readonly number[], at: number, limits: number): void {
  const granted = numbers[at] ?? 0;
  for (let n = 0; n < askers.length; n += 1) {
    const allowed = n < granted;
    const states: LimitState[] = [];
    for (let i = 0; i < limits; i += 1) {
      const uses = numbers[at + 2 + 2 * i] ?? 0;
      states.push({ uses: allowed ? uses - granted + n + 1 : uses, resetMs: numbers[at + 3 + 2 * i] ?? 0 });
    }
    askers[n]?.resolve({ allowed, refusedBy: allowed ? undefined : (numbers[at + 1] ?? 1) - 1, states });
  }
}
