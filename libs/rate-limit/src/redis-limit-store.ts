import { loadScript, type RedisStateClient, type Script, type ScriptArgument } from '@shopfleet/redis';
import type { LimitState, LimitStore, LimitUse, TakeOptions, Taking } from './limit-store.ts';

// The common hash tag keeps the limits of one call on one node of a Redis Cluster.
const keyOf = (key: string): string => `{limit}:${key}`;

/** Questions in one call at most: a script holds up everybody else's commands while it runs, about 3 µs per limit. */
const MOST_AT_ONCE = 128;

interface Question {
  readonly uses: readonly LimitUse[];
  readonly resolve: (taking: Taking) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Limits shared by all workers of all services, counted by one atomic script. All requests that a worker reads in one
 * turn of its event loop ask in one call: a limit costs at most one round trip, and under load a fraction of one.
 */
export class RedisLimitStore implements LimitStore {
  readonly #take: Script<readonly number[]>;
  readonly #giveBack: Script<number>;
  #waiting: Question[] = [];

  constructor(redis: RedisStateClient) {
    this.#take = loadScript(redis, new URL('../lua/take.lua', import.meta.url), { keys: 'any' });
    this.#giveBack = loadScript(redis, new URL('../lua/give-back.lua', import.meta.url), { keys: 'any' });
  }

  /** @throws AppError `dependency-unavailable` when Redis cannot serve */
  take(uses: readonly LimitUse[], { durable = false }: TakeOptions = {}): Promise<Taking> {
    return new Promise((resolve, reject) => {
      if (durable) {
        void this.#ask('durable', [{ uses, resolve, reject }]);
        return;
      }
      // The check phase of the event loop comes right after all sockets that had something were read.
      if (this.#waiting.push({ uses, resolve, reject }) === 1) setImmediate(() => this.#askAll());
    });
  }

  /** @throws AppError `dependency-unavailable` when Redis cannot serve */
  async giveBack(keys: readonly string[]): Promise<void> {
    await this.#giveBack(keys.map(keyOf));
  }

  #askAll(): void {
    const questions = this.#waiting;
    this.#waiting = [];
    for (let first = 0; first < questions.length; first += MOST_AT_ONCE) void this.#ask('memory', questions.slice(first, first + MOST_AT_ONCE));
  }

  async #ask(durability: 'durable' | 'memory', questions: readonly Question[]): Promise<void> {
    const keys: string[] = [];
    const figures: ScriptArgument[] = [durability];
    for (const { uses } of questions) {
      figures.push(uses.length);
      for (const { key, limit, windowMs } of uses) {
        keys.push(keyOf(key));
        figures.push(limit, windowMs);
      }
    }
    try {
      const numbers = await this.#take(keys, ...figures);
      let at = 0;
      for (const { uses, resolve } of questions) {
        resolve(takingOf(numbers, at, uses.length));
        at += 1 + 2 * uses.length;
      }
    } catch (error) {
      for (const { reject } of questions) reject(error);
    }
  }
}

function takingOf(numbers: readonly number[], at: number, limits: number): Taking {
  const refusing = numbers[at] ?? 0;
  const states = Array.from({ length: limits }, (_, i): LimitState => ({ uses: numbers[at + 1 + 2 * i] ?? 0, resetMs: numbers[at + 2 + 2 * i] ?? 0 }));
  return { allowed: refusing === 0, refusedBy: refusing === 0 ? undefined : refusing - 1, states };
}
