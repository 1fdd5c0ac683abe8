import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { AppError, secretEquals } from '@shopfleet/kernel';
import type { FastifyRequest } from 'fastify';

/** Injection token of the secret. Nest makes a guard of its own for every controller that uses it, so the secret is injected. */
export const INTERNAL_TOKEN = Symbol('INTERNAL_TOKEN');

/**
 * Lets only calls between services through: header `x-internal-token`, or the token as a bearer token for programs that can
 * send nothing else (Alertmanager). nginx does not expose /internal to the outside either.
 */
@Injectable()
export class InternalGuard implements CanActivate {
  constructor(@Inject(INTERNAL_TOKEN) private readonly token: string) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    if (secretEquals(headers['x-internal-token'], this.token) || secretEquals(/^Bearer (\S+)$/u.exec(headers.authorization ?? '')?.[1], this.token)) return true;
    throw new AppError('not-found', { detail: 'There is nothing here.' });
  }
}
