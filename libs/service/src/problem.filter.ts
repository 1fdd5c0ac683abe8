import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { AppError, currentRequest } from '@shopfleet/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemOf, toAppError } from './problem.ts';
import type { RegisteredRoutes } from './registered-routes.ts';

/** Answers every error as problem details and logs those that are ours (5xx): intended ones in a line, unforeseen ones with their stack. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  constructor(private readonly routes: RegisteredRoutes) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const path = request.url.split('?', 1)[0] ?? '/';
    const error = request.is404 ? this.unmet(path, reply) : toAppError(thrown);
    this.log(thrown, error, `${request.method} ${path}`);
    if (reply.sent) return;
    if (error.retryAfterSeconds !== undefined) void reply.header('retry-after', String(Math.ceil(error.retryAfterSeconds)));
    void reply
      .status(error.status)
      .header('cache-control', 'no-store')
      .type('application/problem+json')
      .send(problemOf(error, path, currentRequest()?.requestId ?? String(request.id)));
  }

  // No route was met: for want of the method, or altogether.
  private unmet(path: string, reply: FastifyReply): AppError {
    const methods = this.routes.methodsOf(path);
    if (methods.length === 0) return new AppError('not-found', { detail: 'There is nothing at this address. The API is described at /api/docs.' });
    void reply.header('allow', methods.join(', '));
    return new AppError('method-not-allowed', { detail: `This address answers ${methods.join(', ')} only.` });
  }

  // An intended 503 says in one line what was away; only what nobody foresaw needs a stack. The query of the request is
  // left out: a search or a token in it does not belong in a log.
  private log(thrown: unknown, error: AppError, request: string): void {
    if (error.status < 500) return;
    if (thrown instanceof AppError) {
      this.logger.warn(`${request}: ${error.status} ${error.detail}${causeOf(error)}`);
      return;
    }
    this.logger.error(`${request}: ${error.detail}`, thrown instanceof Error ? thrown.stack : String(thrown));
  }
}

function causeOf({ cause }: AppError): string {
  if (cause === undefined) return '';
  const reason = cause instanceof Error ? cause.message : String(cause);
  return ` (${reason.split('\n', 1)[0] ?? ''})`;
}
