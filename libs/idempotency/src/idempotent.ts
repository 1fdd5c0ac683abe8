import { applyDecorators, createParamDecorator, UseInterceptors, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { claimOf, IdempotencyInterceptor, type KeyedFastifyRequest } from './idempotency.interceptor.ts';
import type { Intent } from './intent.ts';

/**
 * Makes a route repeatable that would do its work twice when asked twice: `Idempotency-Key` is required, the first answer is kept for 24 hours and given again
 * to the same key, with `Idempotency-Replayed: true`.
 *
 * Without a key 400; while the first request runs 409 with Retry-After; another body under the key 422. Answers 5xx,
 * 400, 401, 403 and 429 are not kept. If the worker dies in the middle, the same key may be sent again after 5 s at
 * most; so tie the effect to the key of the `Intent` by a unique index, keep the fingerprint beside it, and let the
 * handler go on from what it finds, once {@link assertSameIntent} has agreed.
 *
 * @example
 * @Post() @Idempotent()
 * place(@Body({ schema }) body: Body, @CurrentIntent() intent: Intent) {}
 */
export const Idempotent = (): MethodDecorator =>
  applyDecorators(
    UseInterceptors(IdempotencyInterceptor),
    ApiHeader({ name: 'Idempotency-Key', required: true, description: 'A new random text for each intent, such as a UUID; the same one when repeating it.', schema: { type: 'string', minLength: 1, maxLength: 255 } }),
  );

/** What the request intends; the same on each repetition. */
export const CurrentIntent = createParamDecorator((_: unknown, context: ExecutionContext): Intent => {
  const claim = claimOf(context.switchToHttp().getRequest<KeyedFastifyRequest>());
  if (claim === undefined) throw new Error('@CurrentIntent() needs @Idempotent() on the same route');
  return { key: claim.id, fingerprint: claim.fingerprint };
});
