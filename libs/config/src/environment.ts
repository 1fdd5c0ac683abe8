import { z } from 'zod';

/** Texts separated by commas, each of which has to be as `entry` says. */
export function commaList(entry: z.ZodType<string>, error: string): z.ZodType<string[], string> {
  return z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()).filter((part) => part !== ''))
    .refine((parts) => parts.every((part) => entry.safeParse(part).success), { error });
}

/** A range of addresses such as 10.0.0.0/8, or one address. */
export const addressRange = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], { error: 'must be a range of addresses such as 10.0.0.0/8' });

/** An address of the web. */
export const webUrl = z.url({ protocol: /^https?$/u, error: 'must be an address such as https://shop.example' });

const origin = z.string().refine((text) => /^https?:/u.test(text) && URL.canParse(text) && new URL(text).origin === text);
const regionFactor = /^[a-z][a-z0-9-]{0,19}=(?:0\.\d*[1-9]\d*|[1-9]\d{0,2}(?:\.\d+)?)$/u;
const isRegionFactors = (text: string): boolean => text.split(',').every((part) => part.trim() === '' || regionFactor.test(part.trim()));

/** Variables that every service understands. Spread into `z.object({ ...serviceEnvironment, … })`. */
export const serviceEnvironment = {
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  /** The address the worker listens on. */
  HOST: z.string().regex(/^[\w.:-]+$/u, 'must be a name or an address').default('127.0.0.1'),
  /** The service's first port; worker n listens on PORT + n. 0 lets the system choose. */
  PORT: z.coerce.number().int().min(0).max(65535),
  /** The worker's number, set by PM2. */
  NODE_APP_INSTANCE: z.coerce.number().int().min(0).max(999).default(0),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  /** Whether the worker keeps figures for Prometheus at /metrics. */
  METRICS: z.enum(['on', 'off']).default('on'),
  /** Whether each answered request is a line in the log. */
  ACCESS_LOG: z.enum(['on', 'off']).default('on'),
  /** The service's log file, for the lines of requests; empty: they go to standard output with the others. */
  LOG_FILE: z.string().default(''),
  /** Where errors that nobody foresaw are reported: a DSN of Sentry or a tracker that speaks its protocol; empty for nowhere. */
  ERROR_DSN: z.union([z.literal(''), z.url()]).default(''),
  /** Where shoppers reach the shop; used in links. */
  PUBLIC_URL: webUrl.default('https://localhost:8080'),
  /** Where services reach each other: nginx's internal listener. */
  GATEWAY_URL: webUrl.default('http://127.0.0.1:8081'),
  /** Proves to another service that a call comes from inside; at least 16 characters. */
  INTERNAL_TOKEN: z.string().min(16),
  /** Origins that browsers may call from, comma separated; empty allows none but the shop's own. */
  ALLOWED_ORIGINS: commaList(origin, 'must be origins such as https://shop.example, without a path, separated by commas').prefault(''),
  /** Ranges of the proxies whose X-Real-IP is believed, comma separated: where nginx stands. Never `0.0.0.0/0`. */
  TRUSTED_PROXIES: commaList(addressRange, 'must be ranges of addresses such as 10.0.0.0/8, separated by commas')
    .refine((ranges) => ranges.every((range) => !range.endsWith('/0')), 'must not hold every address: whoever connects could claim any')
    .prefault('127.0.0.0/8,::1'),
  /** Factors of limits by region, `eu=1,far=0.5`; the gateway names the regions (REGIONS). Empty: all alike. */
  REGION_LIMITS: z.string().refine(isRegionFactors, 'must be factors of regions such as eu=1,far=0.5').default(''),
  /** A CIDR range whose limits are raised for load tests; empty for none. */
  LOADTEST_CIDR: z.union([z.literal(''), addressRange], { error: 'must be one range of addresses such as 10.0.0.0/8' }).default(''),
  /** How long a stopping worker may finish what it has begun, in milliseconds. */
  SHUTDOWN_TIMEOUT_MS: z.coerce.number().int().min(1000).max(120_000).default(15_000),
};

function serverUrl(scheme: RegExp, error: string): z.ZodType<string> {
  return z.string().refine((text) => scheme.test(text) && URL.canParse(text) && new URL(text).hostname !== '', { error });
}

/** The service's own database, its name in the path. */
export const mongoEnvironment = {
  MONGODB_URI: z.string().regex(/^mongodb(\+srv)?:\/\/[^/]+\/[\w-]+/u, 'must be mongodb://host/database'),
};

const redisUrl = serverUrl(/^rediss?:\/\//u, 'must be redis://host:port');

/** The two roles of Redis: one may forget (cache), the other must not (state). */
export const redisEnvironment = { REDIS_CACHE_URL: redisUrl, REDIS_STATE_URL: redisUrl };

export const rabbitEnvironment = { RABBITMQ_URL: serverUrl(/^amqps?:\/\//u, 'must be amqp://host:port') };

/** Where a worker is to die as if the power went: for fault tests, and read by nothing outside of them. */
export const failPointEnvironment = {
  FAILPOINT: z.enum(['outbox.before-publish', 'outbox.after-publish', 'consumer.before-ack']).optional(),
};

/** Where pictures lie: a folder, or a bucket in its place. */
export const imageStoreEnvironment = {
  /** Originals, and below `public` the renditions that nginx serves. */
  IMAGES_DIR: z.string().min(1),
  /** A bucket of S3, or of a server that speaks its language. */
  IMAGES_S3_BUCKET: z.string().min(3).optional(),
  IMAGES_S3_REGION: z.string().min(1).default('us-east-1'),
  /** Address of a server that is not Amazon's. */
  IMAGES_S3_ENDPOINT: webUrl.optional(),
  /** Without these, what the machine it runs on may do. */
  IMAGES_S3_ACCESS_KEY_ID: z.string().min(1).optional(),
  IMAGES_S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
};
