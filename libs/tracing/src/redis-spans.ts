import { tracingChannel } from 'node:diagnostics_channel';
import { isRecorded, startSpan, type TracedSpan } from './tracing.ts';

interface RedisCommand {
  readonly command: string;
  readonly serverPort?: number;
}

/** Spans of the commands that ioredis tells of; their arguments are left out, keys hold identifiers of people. */
export function traceRedis(): void {
  const spans = new WeakMap<object, TracedSpan>();
  const end = (message: object, error?: unknown): void => {
    spans.get(message)?.end(error === undefined ? {} : { error });
    spans.delete(message);
  };
  tracingChannel<RedisCommand>('ioredis:command').subscribe({
    start: (message) => {
      if (!isRecorded()) return;
      const { command, serverPort } = message as RedisCommand;
      const span = startSpan(`redis ${command}`, { kind: 'client', attributes: { 'db.system.name': 'redis', 'db.operation.name': command, ...(serverPort !== undefined && { 'server.port': serverPort }) } });
      if (span) spans.set(message, span);
    },
    end: () => undefined,
    asyncStart: () => undefined,
    asyncEnd: (message) => end(message),
    error: (message) => end(message, (message as { error?: unknown }).error),
  });
}
