import type { LoggerService } from '@nestjs/common';
import { currentRequest } from '@shopfleet/kernel';
import { pino, type Logger } from 'pino';
import type { ErrorTracker } from './error-tracker.ts';

// Fields that never reach a log, however deep a careless caller puts them.
const secrets = ['password', 'token', 'accessToken', 'refreshToken', 'authorization', 'cookie', 'card'];

/** JSON logs on standard output; each line carries the service, the worker and, inside a request, its id. */
export function createLogger(service: string, worker: number, level: string): Logger {
  return pino({
    level,
    base: { service, worker, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    mixin: () => {
      const request = currentRequest();
      return request ? { requestId: request.requestId } : {};
    },
    redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
  });
}

/** Lets Nest's own `Logger` write through pino. nestjs-pino does this too, but by a middleware that each request pays for. */
export class NestPinoLogger implements LoggerService {
  constructor(
    private readonly logger: Logger,
    private readonly tracker?: ErrorTracker,
  ) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  // Nest appends the context as the last argument and, for errors, the stack before it.
  private write(level: 'info' | 'error' | 'warn' | 'debug' | 'trace' | 'fatal', message: unknown, rest: unknown[]): void {
    const context = rest.at(-1);
    const stack = rest.length > 1 ? rest[0] : undefined;
    if (level === 'error' || level === 'fatal') this.track(message, stack);
    const fields = { ...(typeof context === 'string' && { context }), ...(typeof stack === 'string' && { stack }) };
    if (message instanceof Error) this.logger[level]({ ...fields, err: message }, message.message);
    else if (typeof message === 'string') this.logger[level](fields, message);
    else this.logger[level]({ ...fields, data: message });
  }

  // What is logged with a stack is what nobody foresaw.
  private track(message: unknown, stack: unknown): void {
    if (message instanceof Error) this.tracker?.report(message.message, message.stack ?? '');
    else if (typeof stack === 'string' && stack.includes('\n    at ')) this.tracker?.report(String(message), stack);
  }
}
