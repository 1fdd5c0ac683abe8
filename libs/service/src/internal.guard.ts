import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { AppError } from '@shopfleet/kernel';
import type { FastifyRequest } from 'fastify';

/** Injection token of the secret. Nest makes a guard of its own for every controller that uses it, so the secret is injected. */
export const INTERNAL_TOKEN = Symbol('INTERNAL_TOKEN');

/** Lets only calls between services through: header `x-internal-token`. nginx does not expose /internal to the outside either. */
@Injectable()
export class InternalGuard implements CanActivate {
  private readonly expected: Buffer;

  constructor(@Inject(INTERNAL_TOKEN) token: string) {
    this.expected = digest(token);
  }

  canActivate(context: ExecutionContext): boolean {
    const given = context.switchToHttp().getRequest<FastifyRequest>().headers['x-internal-token'];
    if (typeof given === 'string' && timingSafeEqual(digest(given), this.expected)) return true;
    throw new AppError('not-found', { detail: 'There is nothing here.' });
  }
}

// Digests are of one length, so that the comparison tells nothing about the token's.
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
