import { applyDecorators, createParamDecorator, UseInterceptors, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { claimOf, IdempotencyInterceptor, type KeyedFastifyRequest } from './idempotency.interceptor.ts';

/**
 * Makes a POST route repeatable: `Idempotency-Key` is required, the first answer is kept for 24 hours and given again
 * to the same key, with `Idempotency-Replayed: true`.
 *
 * Without a key 400; while the first request runs 409 with Retry-After; another body under the key 422. Answers 5xx,
 * 400, 401, 403 and 429 are not kept. If the worker dies in the middle, the same key may be sent again after 5 s at
 * most; so tie the effect to the `EffectKey` by a unique index, and let the handler go on from what it finds.
 *
 * @example
 * @Post() @Idempotent()
 * place(@Body({ schema }) body: Body, @EffectKey() key: string) {}
 */
export const Idempotent = (): MethodDecorator =>
  applyDecorators(
    UseInterceptors(IdempotencyInterceptor),
    ApiHeader({ name: 'Idempotency-Key', required: true, description: 'A new random text for each intent, such as a UUID; the same one when repeating it.', schema: { type: 'string', minLength: 1, maxLength: 255 } }),
  );

/** The identity of the intent (principal, route and key), at most 64 characters; the same on each repetition. */
export const EffectKey = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const claim = claimOf(context.switchToHttp().getRequest<KeyedFastifyRequest>());
  if (claim === undefined) throw new Error('@EffectKey() needs @Idempotent() on the same route');
  return claim.id;
});
