import { execFileSync, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectDir } from '../instance.ts';

interface ComposeFile {
  readonly services: Readonly<Record<string, { readonly secrets?: readonly string[]; readonly environment?: Readonly<Record<string, string>>; readonly image?: string; readonly ports?: readonly string[] }>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

const folder = path.join(mkdtempSync(path.join(tmpdir(), 'secret-files-')), 'shop');
const program = path.join(import.meta.dirname, 'secret-files.ts');
const make = (...args: string[]): string =>
  execFileSync(process.execPath, [program, '--folder', folder, '--from', '', ...args], { encoding: 'utf8', stdio: 'pipe', env: { PATH: process.env['PATH'], SMTP_URL: 'smtp://mail.example.com:25' } });
const secret = (name: string): string => readFileSync(path.join(folder, 'secrets', name), 'utf8');
const compose = parse(readFileSync(path.join(projectDir, 'docker-compose.prod.yml'), 'utf8'), { merge: true, maxAliasCount: -1 }) as ComposeFile;
let said = '';

beforeAll(() => {
  said = make();
});

describe('the files of secrets', () => {
  it('are behind a folder of their owner, never shown, and stay the same', () => {
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const before = Object.fromEntries(readdirSync(path.join(folder, 'secrets')).map((name) => [name, secret(name)]));
    for (const text of Object.values(before)) if (text.length > 15) expect(said).not.toContain(text);
    make();
    expect(Object.fromEntries(readdirSync(path.join(folder, 'secrets')).map((name) => [name, secret(name)]))).toEqual(before);
  });

  it('name Sentinels only where it is said', () => {
    expect(secret('redis-state-url')).not.toContain('sentinels');
    make('--ha');
    expect(secret('redis-state-url')).toContain('?sentinels=sentinel-1:26379,sentinel-2:26379,sentinel-3:26379&name=redis-state');
    expect(secret('redis-cache-url')).not.toContain('sentinels');
  });

  it('are all that docker-compose.prod.yml mounts', () => {
    const made = new Set(readdirSync(path.join(folder, 'secrets')));
    const mounted = Object.values(compose.secrets).flatMap(({ file }) => (/\/secrets\/([\w.-]+)$/u.exec(file)?.[1] ?? []));
    expect(mounted.length).toBeGreaterThan(25);
    expect(mounted.filter((name) => !made.has(name))).toEqual([]);
  });
});

describe('the files of a Secret for Kubernetes', () => {
  const servers = { MONGODB_URL: 'mongodb://root:long-password-1@db.internal/?replicaSet=rs0', REDIS_CACHE_URL: 'redis://cache.internal:6379', REDIS_STATE_URL: 'rediss://state.internal:6379', RABBITMQ_URL: 'amqps://root:long-password-2@mq.internal' };
  const target = path.join(folder, '..', 'kubernetes');
  const makeThem = (given: Readonly<Record<string, string>>): SpawnSyncReturns<string> =>
    spawnSync(process.execPath, [program, '--kubernetes', '--folder', target, '--from', ''], { encoding: 'utf8', env: { PATH: process.env['PATH'], ...given } });
  const written = (name: string): string => readFileSync(path.join(target, 'secrets', name), 'utf8');
  const names = (): string[] => readdirSync(path.join(target, 'secrets')).sort();
  // As the manifests stand there, each reference however it is written.
  const wanted = [...new Set(globSync('infra/k8s/**/*.yaml', { cwd: projectDir }).flatMap((file) => [...readFileSync(path.join(projectDir, file), 'utf8').matchAll(/\bkey: ['"]?([a-z][\w-]*)(?!\S*\.)/gu)].map((match) => match[1] ?? '')))].sort();

  it('are what its pods mount and nothing else: not the key that every account comes from, also not of an earlier run', () => {
    mkdirSync(path.join(target, 'secrets'), { recursive: true });
    writeFileSync(path.join(target, 'secrets', 'accounts-key'), 'of an earlier run');
    expect(makeThem(servers).status).toBe(0);
    expect(wanted.length).toBeGreaterThan(25);
    expect(names()).toEqual(wanted);
  });

  it('name the servers that the environment names, and the account of one service where it has its own', () => {
    expect(makeThem({ ...servers, ORDER_MONGODB_URI: 'mongodb://order:long-password-3@db.internal/shop_order', CART_RABBITMQ_URL: 'amqps://cart:long-password-4@mq.internal' }).status).toBe(0);
    expect(Object.fromEntries(['redis-state-url', 'auth-mongodb-uri', 'order-mongodb-uri', 'order-migration-mongodb-uri', 'cart-rabbitmq-url', 'order-rabbitmq-url', 'migration-rabbitmq-url'].map((name) => [name, written(name)]))).toEqual({
      'redis-state-url': servers.REDIS_STATE_URL,
      'auth-mongodb-uri': 'mongodb://root:long-password-1@db.internal/shop_auth?replicaSet=rs0',
      'order-mongodb-uri': 'mongodb://order:long-password-3@db.internal/shop_order',
      'order-migration-mongodb-uri': 'mongodb://root:long-password-1@db.internal/shop_order?replicaSet=rs0',
      'cart-rabbitmq-url': 'amqps://cart:long-password-4@mq.internal',
      'order-rabbitmq-url': servers.RABBITMQ_URL,
      'migration-rabbitmq-url': servers.RABBITMQ_URL,
    });
  });

  it('have the accounts of this shop where its servers were set up with them', () => {
    const { MONGODB_URL: _mongodb, RABBITMQ_URL: _rabbitmq, ...redis } = servers;
    expect(makeThem({ ...redis, MONGO_SEEDS: 'mongo-0.db:27017,mongo-1.db:27017', RABBITMQ_ADDRESS: 'mq.db:5672' }).status).toBe(0);
    expect(written('order-mongodb-uri')).toMatch(/^mongodb:\/\/order:[0-9a-f]{64}@mongo-0\.db:27017,mongo-1\.db:27017\/shop_order\?/u);
    expect(written('cart-rabbitmq-url')).toMatch(/^amqp:\/\/cart:[0-9a-f]{64}@mq\.db:5672$/u);
  });

  it('are not written where a server is not named', () => {
    const before = names();
    const { status, stderr } = makeThem({ REDIS_CACHE_URL: servers.REDIS_CACHE_URL });
    expect([status, stderr]).toEqual([1, '✗ REDIS_STATE_URL, RABBITMQ_URL, MONGODB_URL must be given: the servers of a shop in Kubernetes are somewhere else (docs/deployment.md).\n']);
    expect(names()).toEqual(before);
  });

  it('are not written with webhook secrets of our own where Stripe takes the money: the order service would not start', () => {
    const { status, stderr } = makeThem({ ...servers, STRIPE_SECRET_KEY: 'sk_test_0123456789' });
    expect([status, stderr]).toEqual([1, '✗ PAYMENT_WEBHOOK_SECRETS is not set: it is what Stripe shows for the webhook endpoint of your shop (whsec_…).\n']);
    expect(makeThem({ ...servers, STRIPE_SECRET_KEY: 'sk_test_0123456789', PAYMENT_WEBHOOK_SECRETS: 'whsec_0123456789' }).status).toBe(0);
    expect(written('payment-webhook-secrets')).toBe('whsec_0123456789');
  });
});

describe('docker-compose.prod.yml', () => {
  it('gives a service each secret that its environment names', () => {
    const absent = Object.entries(compose.services).flatMap(([name, { environment = {}, secrets = [] }]) =>
      Object.entries(environment).filter(([variable]) => variable.endsWith('_FILE')).filter(([, file]) => !secrets.includes(path.basename(file))).map(([variable]) => `${name}: ${variable}`),
    );
    expect(absent).toEqual([]);
  });

  it('pins the tag of every image, and publishes the gateway alone beyond the loopback', () => {
    const untagged = Object.values(compose.services).map(({ image = '' }) => image).filter((image) => !/:(\$\{SHOPFLEET_VERSION:-\d+\.\d+\.\d+\}|v?\d+\.\d+\.\d+)$/u.test(image));
    expect(untagged).toEqual([]);
    expect(Object.entries(compose.services).filter(([, { ports = [] }]) => ports.some((port) => !port.startsWith('127.0.0.1:'))).map(([name]) => name)).toEqual(['gateway']);
    for (const file of globSync('infra/docker/*.Dockerfile', { cwd: projectDir })) {
      const images = [...readFileSync(path.join(projectDir, file), 'utf8').matchAll(/^ARG \w+_IMAGE=(.*)$/gmu)].map((match) => match[1] ?? '');
      expect(images.filter((image) => !/:\d+\.\d+\.\d+/u.test(image))).toEqual([]);
    }
  });
});
