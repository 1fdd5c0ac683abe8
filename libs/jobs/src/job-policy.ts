/** How the jobs of a queue are tried and kept. */
export interface JobPolicy {
  /** Tries in all, the first included. */
  readonly attempts: number;
  /** Milliseconds before the second try; each further pause is twice the one before. */
  readonly backoffMs: number;
  /** Jobs that one worker process runs at the same time. */
  readonly concurrency: number;
  /** Jobs of the queue that run at the same time over all workers of all machines; left away: no bound. */
  readonly globalConcurrency?: number;
  /** How long a job of a worker that died stays with it, in milliseconds; a living one renews its claim. Default: 30,000. */
  readonly lockMs?: number;
  /** How many jobs that ended are kept for people to look at. */
  readonly keepCompleted: number;
  readonly keepFailed: number;
}

/** The `orders` queue: 3 attempts, 2 s exponential back-off, 50 at once; source: features.md, "Order service" (S1). */
export const ordersPolicy: JobPolicy = { attempts: 3, backoffMs: 2000, concurrency: 50, keepCompleted: 1000, keepFailed: 5000 };
