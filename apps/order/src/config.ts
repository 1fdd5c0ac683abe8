import { mongoEnvironment, rabbitEnvironment, redisEnvironment, serviceEnvironment } from '@shopfleet/config';
import { z } from 'zod';

/** The environment of the order service. */
export const environment = z.object({
  ...serviceEnvironment,
  ...mongoEnvironment,
  ...redisEnvironment,
  ...rabbitEnvironment,
  /** The payment provider. */
  PAYMENT_URL: z.url().default('http://127.0.0.1:5600'),
  /** Signs the tokens with which guests see their orders; by default derived from INTERNAL_TOKEN. */
  ORDER_TOKEN_SECRET: z.string().min(16).optional(),
  /** How often abandoned checkouts are looked for. */
  SWEEP_INTERVAL_MS: z.coerce.number().int().min(100).max(600_000).default(5000),
});

export type OrderConfig = z.infer<typeof environment>;
