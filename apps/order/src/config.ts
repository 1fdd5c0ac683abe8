import { failPointEnvironment, mongoEnvironment, rabbitEnvironment, redisEnvironment, serviceEnvironment, webUrl } from '@shopfleet/config';
import { z } from 'zod';

/** The environment of the order service. */
export const environment = z.object({
  ...serviceEnvironment,
  ...mongoEnvironment,
  ...redisEnvironment,
  ...rabbitEnvironment,
  ...failPointEnvironment,
  /** The payment provider, where it is not Stripe. The simulator of a shop in development by default; production names its own. */
  PAYMENT_URL: webUrl.optional(),
  /** Secrets with which the provider signs its webhooks, comma-separated: the present one, then the one before. None: no webhook is taken. */
  PAYMENT_WEBHOOK_SECRETS: z.string().default('').transform((list) => list.split(',').map((secret) => secret.trim()).filter((secret) => secret !== '')).pipe(z.array(z.string().min(16))),
  /** Payments go to Stripe where its secret key is given; `PAYMENT_WEBHOOK_SECRETS` are then the endpoint's (whsec_…). */
  STRIPE_SECRET_KEY: z.string().regex(/^(sk|rk)_(test|live)_/u, 'must be a secret or restricted key of Stripe').optional(),
  /** How often the provider's books are compared with the shop's. */
  RECONCILE_INTERVAL_MS: z.coerce.number().int().min(100).max(3_600_000).default(30_000),
  /** How often sales are rolled up for the statistics. */
  STATS_INTERVAL_MS: z.coerce.number().int().min(100).max(3_600_000).default(5000),
  /** Signs the tokens with which guests see their orders; by default derived from INTERNAL_TOKEN. */
  ORDER_TOKEN_SECRET: z.string().min(16).optional(),
  /** How often abandoned checkouts and erased accounts are looked for. */
  SWEEP_INTERVAL_MS: z.coerce.number().int().min(100).max(600_000).default(5000),
}).superRefine(({ NODE_ENV, PAYMENT_URL, PAYMENT_WEBHOOK_SECRETS: secrets, STRIPE_SECRET_KEY }, context) => {
  if (NODE_ENV !== 'production') return;
  if (STRIPE_SECRET_KEY === undefined && PAYMENT_URL === undefined) context.addIssue({ code: 'custom', path: ['STRIPE_SECRET_KEY'], message: 'in production it or PAYMENT_URL says who takes the money' });
  if (STRIPE_SECRET_KEY !== undefined && !secrets.every((secret) => secret.startsWith('whsec_'))) context.addIssue({ code: 'custom', path: ['PAYMENT_WEBHOOK_SECRETS'], message: 'with STRIPE_SECRET_KEY they are those of the webhook endpoint at Stripe, whsec_…' });
});

/** Where the simulator of a shop in development listens. */
export const simulatorUrl = 'http://127.0.0.1:5600';

export type OrderConfig = z.infer<typeof environment>;
