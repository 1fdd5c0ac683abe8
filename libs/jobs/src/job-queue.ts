/** One run of a job. */
export interface JobRun {
  readonly id: string;
  readonly name: string;
  readonly data: unknown;
  /** 1 for the first try. */
  readonly attempt: number;
}

/** Does one job. A rejection lets it be tried again, as the queue's policy says. */
export type JobHandler = (job: JobRun) => Promise<void>;

export interface AddJob {
  /** Two jobs of one id are one job, as long as the first is kept. No colons. */
  readonly id?: string;
  readonly delayMs?: number;
}

/** Adds jobs to one queue. */
export interface JobQueue {
  /**
   * Resolves when Redis holds the job.
   * @throws Error when Redis does not answer within a second; nothing is buffered here
   */
  add(name: string, data: object, options?: AddJob): Promise<void>;
  /**
   * Runs a job by this name at this interval on one worker of all; calling it again replaces the schedule. Returns at
   * once; where Redis is away the schedule begins when it is back.
   */
  every(intervalMs: number, name: string): void;
  /** Jobs that wait, are delayed or run. */
  unfinished(): Promise<number>;
  /** Whether the job of this id waits, is delayed or runs. */
  holds(id: string): Promise<boolean>;
}
