import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { AppError } from '@shopfleet/kernel';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';

/** A route without `@Query` has no parameters: whoever sends some is told, as by the schema of a route that has. */
@Injectable()
export class UnknownQueryInterceptor implements NestInterceptor {
  private readonly parsing = new WeakMap<object, boolean>();

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() === 'http') {
      const { url, query } = context.switchToHttp().getRequest<FastifyRequest>();
      if (url.includes('?') && !this.parsesQuery(context)) refuse(Object.keys(query as object));
    }
    return next.handle();
  }

  private parsesQuery(context: ExecutionContext): boolean {
    const handler = context.getHandler();
    let parses = this.parsing.get(handler);
    if (parses === undefined) {
      const parameters: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), handler.name);
      parses = typeof parameters === 'object' && parameters !== null && Object.keys(parameters).some((key) => key.startsWith(`${RouteParamtypes.QUERY}:`));
      this.parsing.set(handler, parses);
    }
    return parses;
  }
}

function refuse(names: readonly string[]): void {
  if (names.length === 0) return;
  const errors = names.slice(0, 20).map((name) => ({ pointer: `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, message: 'is not known here' }));
  throw new AppError('validation-failed', { detail: `Correct and send again: ${errors.map(({ pointer, message }) => `${pointer.slice(1)} ${message}`).join('; ')}.`, errors });
}
