import { AppError } from '@shopfleet/kernel';

export interface BoundedQueueOptions {
  readonly concurrency: number;
  readonly waitingAtMost: number;
}

/**
 * Runs a few tasks at once and lets some wait; more are refused at once, since an answer that comes after the client has
 * given up helps nobody.
 */
export class BoundedQueue {
  private readonly options: BoundedQueueOptions;
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(options: BoundedQueueOptions) {
    this.options = options;
  }

  /** @throws AppError `dependency-unavailable` when the queue is full */
  async run<T>(task: () => Promise<T>): Promise<T> {
    await this.turn();
    try {
      return await task();
    } finally {
      this.running -= 1;
      this.waiting.shift()?.();
    }
  }

  private async turn(): Promise<void> {
    if (this.running >= this.options.concurrency) {
      if (this.waiting.length >= this.options.waitingAtMost) {
        throw new AppError('dependency-unavailable', { detail: 'Too many people are logging in at this moment; try again in a second.', retryAfterSeconds: 1 });
      }
      await new Promise<void>((resolve) => this.waiting.push(() => { this.running += 1; resolve(); }));
      return;
    }
    this.running += 1;
  }
}
