import { setTimeout as pause } from 'node:timers/promises';

export interface EventuallyOptions {
  /** How long to go on, in milliseconds; 10 000 where absent. */
  readonly timeoutMs?: number;
  /** Pause between two tries, in milliseconds; 50 where absent. */
  readonly intervalMs?: number;
}

/**
 * Tries until `attempt` neither throws nor gives `false`, and gives its value: tests poll, they never sleep.
 * @throws the last failure of `attempt` when time is up.
 * @example await eventually(async () => expect(await mails()).toHaveLength(1));
 */
export async function eventually<T>(attempt: () => T | Promise<T>, options: EventuallyOptions = {}): Promise<T> {
  const { timeoutMs = 10_000, intervalMs = 50 } = options;
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let failure: unknown;
    try {
      const value = await attempt();
      if (value !== false) return value;
      failure = new Error(`still false after ${timeoutMs} ms`);
    } catch (error) {
      failure = error;
    }
    if (Date.now() >= deadline) throw failure;
    await pause(intervalMs);
  }
}
