/** Says that the process is to die at this point, as if the power went. Only for fault tests. */
export type FailPoint = 'outbox.before-publish' | 'outbox.after-publish' | 'consumer.before-ack';

export interface MessagingOptions {
  /** `amqp://user:password@host:port/vhost`. */
  readonly url: string;
  /** Name of the service: its queues are `<service>.events` and so on. */
  readonly service: string;
  /** Events handled at the same time by one worker. Default: 50. */
  readonly prefetch?: number;
  /** A handler that has not finished by then has failed, in milliseconds. Default: 30,000. What it still does later must be idempotent, as ever. */
  readonly handlerTimeoutMs?: number;
  /** Waiting times before the second, third, … try, in milliseconds. Default: 1, 10 and 60 s. Changes the queues' names. */
  readonly retryDelaysMs?: readonly number[];
  /** Pass it only where NODE_ENV is test. */
  readonly failPoint?: FailPoint | undefined;
}

/** Kills this process if it is to fail here: no handlers, no flushing, nothing a real crash would not do either. */
export function failAt(point: FailPoint, configured: FailPoint | undefined): void {
  if (point === configured) process.kill(process.pid, 'SIGKILL');
}
