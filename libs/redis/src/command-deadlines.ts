import { PassingSet } from '@shopfleet/kernel';
import type { Command } from 'ioredis';

const TICK_MS = 100;

interface Waiting {
  readonly command: Command;
  readonly since: number;
}

/**
 * Rejects commands that have no answer in time. Time is counted in ticks between which the event loop has read its
 * sockets, so that a worker which was busy itself for a second does not take Redis for absent while the answer waits in
 * its own buffer; and one timer serves all commands.
 */
export class CommandDeadlines {
  readonly #ticks: number;
  readonly #waiting = new PassingSet<Waiting>();
  #now = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param timeoutMs rounded up to whole ticks of 100 ms */
  constructor(timeoutMs: number) {
    this.#ticks = Math.ceil(timeoutMs / TICK_MS);
  }

  watch(command: Command): void {
    const waiting = { command, since: this.#now };
    this.#waiting.add(waiting);
    const done = (): void => void this.#waiting.delete(waiting);
    command.promise.then(done, done);
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    this.#now += 1;
    if (this.#waiting.size === 0) {
      this.stop();
      return;
    }
    for (const { command, since } of this.#waiting) {
      if (this.#now - since > this.#ticks) command.reject(new Error('Command timed out'));
    }
  }
}
