import { loadConfig, mongoEnvironment, rabbitEnvironment, redisEnvironment, serviceEnvironment } from '@shopfleet/config';
import { z } from 'zod';

export const notificationEnvironment = z.object({
  ...serviceEnvironment,
  ...mongoEnvironment,
  REDIS_STATE_URL: redisEnvironment.REDIS_STATE_URL,
  ...rabbitEnvironment,
  /** The mail server: `smtp://host:port`, `smtps://user:password@host:port`. */
  SMTP_URL: z.string().regex(/^smtps?:\/\//u, 'must be smtp://host:port or smtps://user:password@host:port'),
  /** The sender of every mail: an address, or `Name <address>`. */
  MAIL_FROM: z
    .string()
    .regex(/^([^<>\r\n]*<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/u, 'must be an address, or a name followed by <address>')
    .default('Shopfleet <no-reply@shopfleet.example>'),
});

export type NotificationConfig = z.infer<typeof notificationEnvironment>;

export const readConfig = (): NotificationConfig => loadConfig(notificationEnvironment);
