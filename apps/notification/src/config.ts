import { addressRange, commaList, loadConfig, mongoEnvironment, rabbitEnvironment, redisEnvironment, serviceEnvironment, webUrl } from '@shopfleet/config';
import { z } from 'zod';

const optionalAddress = z.union([z.literal(''), z.email()], { error: 'must be an e-mail address' }).default('');

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
  /** What the secrets of merchants' webhook endpoints are derived from; changing it changes all of them. */
  NOTIFICATION_SECRET: z.string().min(16),
  /** Keys for web push (`npx web-push generate-vapid-keys`); without them nobody can subscribe. */
  VAPID_PUBLIC_KEY: z.string().regex(/^(?:|[\w-]{87})$/u, 'must be the public key of npx web-push generate-vapid-keys').default(''),
  VAPID_PRIVATE_KEY: z.string().regex(/^(?:|[\w-]{43})$/u, 'must be the private key of npx web-push generate-vapid-keys').default(''),
  /** Where push services reach the operator: a mailto: or https: address. */
  VAPID_SUBJECT: z.string().regex(/^(mailto:|https:\/\/)/u, 'must begin with mailto: or https://').default('mailto:operator@shopfleet.example'),
  /** A mailbox that hears of low stock; empty for none. */
  STAFF_EMAIL: optionalAddress,
  /** Where alerts of operations go by mail and by webhook; empty for nowhere. */
  ALERT_EMAIL: optionalAddress,
  ALERT_WEBHOOK_URL: z.union([z.literal(''), webUrl], { error: 'must be an address such as https://alerts.example/hook' }).default(''),
  /** Hears as well of alerts that stay (level 3); empty for nobody. */
  ESCALATION_EMAIL: optionalAddress,
  /** The workers of the shop, `cart=127.0.0.1:5200+20,…`: service, first port, slots. For /ops/health. */
  METRICS_TARGETS: z.string().default(''),
  /** Addresses beside public ones that webhooks and push messages may be sent to, comma separated, such as 127.0.0.1/32; also lets them use plain http. For tests and hosts of one's own. */
  OUTBOUND_ALLOWED_ADDRESSES: commaList(addressRange, 'must be ranges of addresses such as 127.0.0.1/32, separated by commas').prefault(''),
});

export type NotificationConfig = z.infer<typeof notificationEnvironment>;

export const readConfig = (): NotificationConfig => loadConfig(notificationEnvironment);
