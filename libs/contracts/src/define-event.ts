import type { z } from 'zod';

/** One event of the shop: its type (also the routing key), the schema of its data and a golden example. */
export interface EventDefinition<T extends string = string, D = unknown> {
  readonly type: T;
  /** Strict: what a producer may say. Consumers read tolerantly, see {@link parseEvent}. */
  readonly schema: z.ZodType<D>;
  /** Golden example of `data`: what the producer emits and each consumer accepts, checked on both sides. */
  readonly example: NoInfer<D>;
}

const typePattern = /^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*\.v[1-9]\d*$/;

/**
 * Declares an event. A new optional field keeps the version; anything else is `.v2` beside `.v1`.
 *
 * @throws TypeError when the type is not `<noun>.<past-tense-verb>.v<n>`.
 * @example
 * export const reviewCreated = defineEvent({
 *   type: 'review.created.v1',
 *   schema: z.strictObject({ reviewId: idSchema, productId: idSchema, rating: z.int().min(1).max(5) }),
 *   example: { reviewId: 'rev_1', productId: 'prd_1', rating: 5 },
 * });
 */
export function defineEvent<const T extends string, D>(definition: EventDefinition<T, D>): EventDefinition<T, D> {
  if (!typePattern.test(definition.type)) {
    throw new TypeError(`${definition.type} is no event type: write it like order.placed.v1`);
  }
  return Object.freeze(definition);
}
