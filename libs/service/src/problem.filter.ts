import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { currentRequest } from '@shopfleet/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemOf, toAppError } from './problem.ts';

/** Answers every error as problem details and logs those that are ours (5xx). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = toAppError(thrown);
    const cause: unknown = error.cause ?? error;
    if (error.status >= 500) this.logger.error(`${request.method} ${request.url}: ${error.detail}`, cause instanceof Error ? cause.stack : String(cause));
    if (reply.sent) return;
    if (error.retryAfterSeconds !== undefined) void reply.header('retry-after', String(Math.ceil(error.retryAfterSeconds)));
    const path = request.url.split('?', 1)[0] ?? '/';
    void reply
      .status(error.status)
      .header('cache-control', 'no-store')
      .type('application/problem+json')
      .send(problemOf(error, path, currentRequest()?.requestId ?? String(request.id)));
  }
}
