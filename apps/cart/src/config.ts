import { rabbitEnvironment, redisEnvironment, serviceEnvironment } from '@shopfleet/config';
import { z } from 'zod';

/** The environment of the cart service. */
export const cartEnvironment = z.object({
  ...serviceEnvironment,
  ...redisEnvironment,
  ...rabbitEnvironment,
  /** Signs guests' cart tokens; at least 16 characters. Changing it makes guests lose their carts. */
  CART_TOKEN_SECRET: z.string().min(16),
});

export type CartConfig = z.infer<typeof cartEnvironment>;
