import { failPointEnvironment, imageStoreEnvironment, mongoEnvironment, rabbitEnvironment, redisEnvironment, serviceEnvironment } from '@shopfleet/config';
import { z } from 'zod';

/** The environment of the product service. */
export const environment = z.object({
  ...serviceEnvironment,
  ...mongoEnvironment,
  ...redisEnvironment,
  ...rabbitEnvironment,
  ...failPointEnvironment,
  ...imageStoreEnvironment,
  /** `true` keeps every cached answer for 30 minutes; invalidation works as ever. For Black Friday. */
  CACHE_PEAK_MODE: z.stringbool().default(false),
  /** How much memory a worker gives to ready answers, in MiB. */
  CACHE_MEMORY_MB: z.coerce.number().int().min(1).max(1024).default(24),
  /** Pictures that wait or are worked on, of the whole shop; a further upload is told to come back. */
  IMAGES_QUEUE_MAX: z.coerce.number().int().min(1).max(100_000).default(200),
  /** How long stock is held for an unpaid order, in seconds. */
  HOLD_SECONDS: z.coerce.number().int().min(1).max(86_400).default(900),
});

export type ProductConfig = z.infer<typeof environment>;
