import { serviceEnvironment, webUrl } from '@shopfleet/config';
import { z } from 'zod';

const milliseconds = z.coerce.number().int().min(0).max(600_000);

/** The environment of the simulator. */
export const environment = z.object({
  NODE_ENV: serviceEnvironment.NODE_ENV.refine((value) => value !== 'production', {
    error: 'the payment simulator moves no money and does not run in production: configure a real provider',
  }),
  HOST: serviceEnvironment.HOST,
  PORT: serviceEnvironment.PORT.default(5600),
  LOG_LEVEL: serviceEnvironment.LOG_LEVEL.default('warn'),
  /** Folder of the journal; made when it is not there. */
  DATA_DIR: z.string().min(1).default('.data/payment-simulator'),
  /** How long a payment takes. */
  PAYMENT_LATENCY_MS: milliseconds.default(50),
  /** How long `tok_timeout` waits before its answer: longer than any client does. */
  /** Where webhooks go; none are sent without it. */
  PAYMENT_WEBHOOK_URL: webUrl.optional(),
  /** Signs the webhooks. */
  PAYMENT_WEBHOOK_SECRET: z.string().min(16).optional(),
  /** A webhook comes at a random moment within this time: late, and in any order. */
  PAYMENT_WEBHOOK_DELAY_MS: milliseconds.default(1500),
  PAYMENT_TIMEOUT_MS: milliseconds.default(8000),
});

export type SimulatorConfig = z.infer<typeof environment>;
