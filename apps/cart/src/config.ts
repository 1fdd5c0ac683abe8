import { rabbitEnvironment, redisEnvironment, serviceEnvironment } from '@shopfleet/config';
import { z } from 'zod';

/** The environment of the cart service. */
export const cartEnvironment = z.object({
  ...serviceEnvironment,
  ...redisEnvironment,
  ...rabbitEnvironment,
  /** Signs guests' cart tokens; at least 16 characters. Changing it makes guests lose their carts. */
  CART_TOKEN_SECRET: z.string().min(16),
  /** Seconds without a change after which a customer's cart is taken to be abandoned. */
  CART_ABANDONED_AFTER_S: z.coerce.number().int().min(1).max(31_536_000).default(86_400),
  /** How often abandoned carts are looked for. */
  CART_SWEEP_INTERVAL_MS: z.coerce.number().int().min(100).max(3_600_000).default(60_000),
});

export type CartConfig = z.infer<typeof cartEnvironment>;
