import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveInstance } from '../instance.ts';
import { writeRunFile } from '../run-file.ts';
import { ensureSecrets } from '../secrets.ts';
import { nodeProgram, type RunningServer } from '../servers/index.ts';
import { appSpecs, entryOf } from '../services.ts';

const instance = resolveInstance({ SHOPFLEET_DATA_DIR: mkdtempSync(path.join(tmpdir(), 'environment-')) });
const server = (name: string, url: string): RunningServer => ({ name, kind: 'env', url, port: 1, logFile: '' });
// Nothing answers there: what is wrong in the environment has to be found before anything is asked.
const servers = [server('mongod', 'mongodb://127.0.0.1:9'), server('redis-cache', 'redis://127.0.0.1:9'), server('redis-state', 'redis://127.0.0.1:9'), server('rabbitmq', 'amqp://127.0.0.1:9')];
const { apps } = writeRunFile(instance, servers, ensureSecrets(path.join(instance.dataDir, 'secrets.json')), {});

const ofEveryService = {
  NODE_ENV: 'prod', HOST: 'http://here', PORT: 'http', NODE_APP_INSTANCE: 'first', LOG_LEVEL: 'loud', PUBLIC_URL: 'shop', GATEWAY_URL: 'gateway', INTERNAL_TOKEN: 'short', ALLOWED_ORIGINS: '*',
  TRUSTED_PROXIES: 'proxy', REGION_LIMITS: 'eu', LOADTEST_CIDR: 'office', SHUTDOWN_TIMEOUT_MS: 'soon', REDIS_STATE_URL: 'localhost', RABBITMQ_URL: 'localhost',
};
const database = { MONGODB_URI: 'localhost' };
const wrong: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  mailbox: { NODE_ENV: 'production', MAILBOX_PORT: 'http', SMTP_PORT: '99999', LOG_LEVEL: 'loud' },
  'payment-simulator': { NODE_ENV: 'production', PORT: 'http', PAYMENT_LATENCY_MS: 'long', PAYMENT_WEBHOOK_URL: 'shop', PAYMENT_WEBHOOK_SECRET: 'short', PAYMENT_WEBHOOK_DELAY_MS: '-1', PAYMENT_TIMEOUT_MS: 'x' },
  'auth-service': { ...ofEveryService, ...database, REDIS_CACHE_URL: 'localhost', AUTH_SIGNING_KEYS: '[{"kty":"RSA"}]', AUTH_TOKEN_SECRET: 'short' },
  'product-service': { ...ofEveryService, ...database, REDIS_CACHE_URL: 'localhost', CACHE_PEAK_MODE: 'perhaps', CACHE_MEMORY_MB: '0', HOLD_SECONDS: '0', IMAGES_S3_BUCKET: 'b', IMAGES_S3_ENDPOINT: 'bucket', IMAGES_QUEUE_MAX: '0' },
  'cart-service': { ...ofEveryService, REDIS_CACHE_URL: 'localhost', CART_TOKEN_SECRET: 'short', CART_ABANDONED_AFTER_S: '0', CART_SWEEP_INTERVAL_MS: '1' },
  'order-service': {
    ...ofEveryService, ...database, REDIS_CACHE_URL: 'localhost', PAYMENT_URL: 'provider', PAYMENT_WEBHOOK_SECRETS: 'short', STRIPE_SECRET_KEY: 'pk_test_1', RECONCILE_INTERVAL_MS: '1', STATS_INTERVAL_MS: '1',
    ORDER_TOKEN_SECRET: 'short', SWEEP_INTERVAL_MS: '1', FAILPOINT: 'anywhere',
  },
  'notification-service': {
    ...ofEveryService, ...database, SMTP_URL: 'localhost', MAIL_FROM: 'nobody', NOTIFICATION_SECRET: 'short', VAPID_PUBLIC_KEY: 'key', VAPID_PRIVATE_KEY: 'key', VAPID_SUBJECT: 'me', STAFF_EMAIL: 'staff', ALERT_EMAIL: 'ops',
    ALERT_WEBHOOK_URL: 'hook', OUTBOUND_ALLOWED_ADDRESSES: 'office',
  },
};

function start(name: string, changes: Readonly<Record<string, string>>): { code: number | null; said: string[] } {
  const app = appSpecs.find((spec) => spec.name === name);
  if (app === undefined) throw new Error(`no application is called ${name}`);
  const { status, stdout, stderr } = spawnSync(nodeProgram(), [entryOf(instance, app)], { env: { PATH: process.env['PATH'], ...apps[name], ...changes }, encoding: 'utf8', timeout: 30_000 });
  return { code: status, said: `${stdout}${stderr}`.trimEnd().split('\n') };
}

describe.each(appSpecs.map(({ name }) => name))('a wrong environment of %s', (name) => {
  const [[variable, value] = ['', '']] = Object.entries(wrong[name] ?? {});

  it('ends the start with one line that names the variable', () => {
    const { code, said } = start(name, { [variable]: value });
    expect(said).toEqual([expect.stringMatching(new RegExp(`^configuration: ${variable} is wrong: .+`, 'u'))]);
    expect(code).toBe(78);
  });

  it('gets one line for each variable that is wrong, and shows no value', () => {
    const changes = wrong[name] ?? {};
    const { said } = start(name, changes);
    expect(said.map((line) => /^configuration: (\w+) is wrong: /u.exec(line)?.[1]).sort()).toEqual(Object.keys(changes).sort());
    expect(said.filter((line) => line.includes('short') || line.includes('localhost'))).toEqual([]);
  });
});
