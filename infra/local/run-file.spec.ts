import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveInstance } from './instance.ts';
import { databaseUri, environmentOf, notStartedWith, operatorEnvironment, readRunFile, requireProviders, requireSameKind, runFilePath, settingsOf, writeRunFile } from './run-file.ts';
import { ensureSecrets } from './secrets.ts';
import type { RunningServer } from './servers/index.ts';
import { writeWishes } from './wishes.ts';

const dataDir = () => mkdtempSync(path.join(tmpdir(), 'run-file-'));
const server = (name: string, url: string): RunningServer => ({ name, kind: 'binary', url, port: 1, logFile: '' });
const servers = [
  server('mongod', 'mongodb://shopfleet:y@127.0.0.1:27100/?replicaSet=rs0&authSource=admin'),
  server('redis-cache', 'redis://127.0.0.1:6390'),
  server('redis-state', 'redis://127.0.0.1:6391'),
  { ...server('rabbitmq', 'amqp://shop:x@127.0.0.1:5680'), kind: 'env' as const },
];

describe('the run file', () => {
  it('holds the whole environment of each service, and nobody else can read it', () => {
    const instance = resolveInstance({ SHOPFLEET_DATA_DIR: dataDir() });
    writeRunFile(instance, servers, ensureSecrets(path.join(instance.dataDir, 'secrets.json')), {});
    expect(statSync(runFilePath(instance)).mode & 0o777).toBe(0o600);
    const runFile = readRunFile(instance);
    expect(runFile?.apps['order-service']).toMatchObject({
      MONGODB_URI: expect.stringMatching(/^mongodb:\/\/order:[0-9a-f]{64}@127\.0\.0\.1:27100\/shop_order\?replicaSet=rs0&authSource=admin$/u),
      PORT: '5400',
      PAYMENT_URL: 'http://127.0.0.1:5600',
      RABBITMQ_URL: 'amqp://shop:x@127.0.0.1:5680',
    });
    expect(runFile?.givenServers).toEqual(['rabbitmq']);
  });

  it('has no stand-ins for mail and payment in production, which has to name its own', () => {
    const instance = resolveInstance({ SHOPFLEET_DATA_DIR: dataDir(), NODE_ENV: 'production' });
    expect(() => requireProviders(instance, {})).toThrow('SMTP_URL');
    expect(() => requireProviders(instance, { SMTP_URL: 'smtp://mail.example.com' })).toThrow('STRIPE_SECRET_KEY');
    expect(() => requireProviders(resolveInstance({}), {})).not.toThrow();
    const given = { SMTP_URL: 'smtp://mail.example.com', PAYMENT_URL: 'https://payments.example.com' };
    requireProviders(instance, given);
    const { apps } = writeRunFile(instance, servers, ensureSecrets(path.join(instance.dataDir, 'secrets.json')), given);
    expect(Object.keys(apps)).toEqual(['product-service', 'cart-service', 'order-service', 'auth-service', 'notification-service']);
    expect([apps['notification-service']?.['SMTP_URL'], apps['order-service']?.['PAYMENT_URL']]).toEqual(Object.values(given));
  });

  it('counts an empty variable as not set, as systemd hands over those of .env.production', () => {
    const instance = resolveInstance({ SHOPFLEET_DATA_DIR: dataDir() });
    const secrets = ensureSecrets(path.join(instance.dataDir, 'secrets.json'));
    const empty = new Proxy<NodeJS.ProcessEnv>({}, { get: () => '' });
    expect(writeRunFile(instance, servers, secrets, empty)).toEqual(writeRunFile(instance, servers, secrets, {}));
  });

  it('of a shop in production keeps it from becoming one of development by a plain npm start', () => {
    const folder = dataDir();
    const production = resolveInstance({ SHOPFLEET_DATA_DIR: folder, NODE_ENV: 'production' });
    const plain = resolveInstance({ SHOPFLEET_DATA_DIR: folder });
    expect(() => requireSameKind(plain, {})).not.toThrow();
    writeRunFile(production, servers, ensureSecrets(path.join(folder, 'secrets.json')), {});
    expect(() => requireSameKind(plain, {})).toThrow('npm run start-production');
    expect(() => requireSameKind(production, { NODE_ENV: 'production' })).not.toThrow();
    expect(() => requireSameKind(plain, { NODE_ENV: 'development' })).not.toThrow();
  });

  it('tells later commands, typed in other shells, what the start was told about workers', () => {
    const instance = resolveInstance({ SHOPFLEET_DATA_DIR: dataDir(), NODE_ENV: 'production' });
    expect(environmentOf(instance, { PATH: '/bin' })).toEqual({ PATH: '/bin' });
    writeRunFile(instance, servers, ensureSecrets(path.join(instance.dataDir, 'secrets.json')), { MAX_WORKERS: '3', CLUSTER: 'full' });
    expect(environmentOf(instance, {})).toEqual({ NODE_ENV: 'production', MAX_WORKERS: '3', CLUSTER: 'full' });
    expect(environmentOf(instance, { MAX_WORKERS: '2' })).toMatchObject({ MAX_WORKERS: '2' });
  });

  it('names what a shell sets otherwise than the shop was started with', () => {
    const instance = resolveInstance({ SHOPFLEET_DATA_DIR: dataDir() });
    const environment = { MAX_WORKERS: '3', LOG_LEVEL: 'warn', PAYMENT_LATENCY_MS: '20' };
    writeRunFile(instance, servers, ensureSecrets(path.join(instance.dataDir, 'secrets.json')), environment);
    const runFile = readRunFile(instance);
    if (runFile === undefined) throw new Error('no run file was written');
    expect(notStartedWith(runFile, { ...environment, PATH: '/bin', MAIL_FROM: '' })).toEqual([]);
    expect(notStartedWith(runFile, { ...environment, MAX_WORKERS: '1', PAYMENT_LATENCY_MS: '30', ACCESS_LOG: 'on' }).sort()).toEqual(['ACCESS_LOG', 'MAX_WORKERS', 'PAYMENT_LATENCY_MS']);
  });

  it('hands the catalogue its peak mode', () => {
    const instance = resolveInstance({ SHOPFLEET_DATA_DIR: dataDir() });
    writeRunFile(instance, servers, ensureSecrets(path.join(instance.dataDir, 'secrets.json')), { CACHE_PEAK_MODE: 'true' });
    expect(readRunFile(instance)?.apps['product-service']).toMatchObject({ CACHE_PEAK_MODE: 'true' });
  });

  it('has the same variables whatever is set, so that one which is withdrawn does not stay in the workers', () => {
    const instance = resolveInstance({ SHOPFLEET_DATA_DIR: dataDir() });
    const namesWith = (environment: NodeJS.ProcessEnv): Record<string, string[]> => {
      const { apps } = writeRunFile(instance, servers, ensureSecrets(path.join(instance.dataDir, 'secrets.json')), environment);
      return Object.fromEntries(Object.entries(apps).map(([app, variables]) => [app, Object.keys(variables).sort()]));
    };
    const everything = new Proxy<NodeJS.ProcessEnv>({}, { get: (_, name) => (name === 'ENABLE_CLUSTERING' ? 'true' : '1') });
    const asked = namesWith(everything);
    expect(asked['notification-service']).toContain('OUTBOUND_ALLOWED_ADDRESSES');
    expect(asked['cart-service']).toEqual(expect.arrayContaining(['CART_ABANDONED_AFTER_S', 'CART_SWEEP_INTERVAL_MS']));
    expect(namesWith({})).toEqual(asked);
  });

  it('tells by which variables the shop was started: another start with them changes nothing', () => {
    const instance = resolveInstance({ SHOPFLEET_DATA_DIR: dataDir() });
    const secrets = ensureSecrets(path.join(instance.dataDir, 'secrets.json'));
    const everything = new Proxy<NodeJS.ProcessEnv>({}, { get: (_, name) => (name === 'ENABLE_CLUSTERING' ? 'true' : '1') });
    const started = writeRunFile(instance, servers, secrets, everything);
    expect(writeRunFile(instance, servers, secrets, settingsOf(started)).apps).toEqual(started.apps);
    expect(settingsOf(writeRunFile(instance, servers, secrets, { LOADTEST_CIDR: '127.0.0.1/32' }))).toMatchObject({ LOADTEST_CIDR: '127.0.0.1/32', NODE_ENV: 'development' });
  });

  it('gives each service passwords of its own, and the operator what reaches every database', () => {
    const instance = resolveInstance({ SHOPFLEET_DATA_DIR: dataDir() });
    const runFile = writeRunFile(instance, servers.map((each) => ({ ...each, kind: 'binary' as const })), ensureSecrets(path.join(instance.dataDir, 'secrets.json')), {});
    const withBroker = Object.entries(runFile.apps).filter(([, environment]) => environment['RABBITMQ_URL'] !== undefined);
    const passwords = withBroker.flatMap(([, { MONGODB_URI, RABBITMQ_URL }]) => [MONGODB_URI, RABBITMQ_URL].flatMap((url) => (url === undefined ? [] : [new URL(url).password])));
    expect(withBroker.map(([app, environment]) => [app, new URL(environment['RABBITMQ_URL'] ?? '').username])).toEqual(withBroker.map(([app]) => [app, app.replace('-service', '')]));
    expect(passwords).toHaveLength(9);
    expect(new Set(passwords).size).toBe(9);
    const { accountsKey } = ensureSecrets(path.join(instance.dataDir, 'secrets.json'));
    expect(JSON.stringify(runFile.apps)).not.toMatch(new RegExp(`${accountsKey}|shopfleet:[xy]@`, 'u'));
    expect(operatorEnvironment(runFile, 'order-service')).toMatchObject({
      MONGODB_URI: 'mongodb://shopfleet:y@127.0.0.1:27100/shop_order?replicaSet=rs0&authSource=admin',
      RABBITMQ_URL: 'amqp://shop:x@127.0.0.1:5680',
      PORT: '5400',
    });
  });

  it('completes the secrets of a shop that was made before there were accounts', () => {
    const file = path.join(dataDir(), 'secrets.json');
    const { accountsKey: _, notificationKey: __, orderTokenSecret: ___, ...old } = ensureSecrets(file);
    writeFileSync(file, JSON.stringify(old));
    const completed = ensureSecrets(file);
    expect(completed).toMatchObject({ ...old, notificationKey: old.internalToken });
    expect(completed.accountsKey.length).toBeGreaterThan(40);
    expect(ensureSecrets(file)).toEqual(completed);
  });

  it('keeps the secrets from start to start, readable by their owner', () => {
    const file = path.join(dataDir(), 'secrets.json');
    const first = ensureSecrets(file);
    expect(ensureSecrets(file)).toEqual(first);
    expect(first.authSigningKeys[0]).toMatchObject({ kty: 'OKP', crv: 'Ed25519' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe('what an operator asked for meanwhile', () => {
  it('is in the environment of the next start, and gone when it is taken back', () => {
    const instance = resolveInstance({ SHOPFLEET_DATA_DIR: dataDir() });
    const write = () => writeRunFile(instance, servers, ensureSecrets(path.join(instance.dataDir, 'secrets.json')), {});
    writeWishes(instance, { workers: { 'cart-service': 7 }, peak: true });
    const peak = write();
    expect([peak.instances['cart-service'], peak.apps['product-service']?.['CACHE_PEAK_MODE']]).toEqual([7, 'true']);
    writeWishes(instance, { workers: {}, peak: false });
    const usual = write();
    expect([usual.instances['cart-service'], usual.apps['product-service']?.['CACHE_PEAK_MODE']]).toEqual([2, '']);
  });
});

describe('the address of a database', () => {
  it.each([
    ['mongodb://127.0.0.1:27017', 'mongodb://127.0.0.1:27017/shop_auth'],
    ['mongodb://a:1,b:2/?replicaSet=rs0', 'mongodb://a:1,b:2/shop_auth?replicaSet=rs0'],
    ['mongodb+srv://user:p%40ss@host/other?w=majority', 'mongodb+srv://user:p%40ss@host/shop_auth?w=majority'],
  ])('of %s keeps everything but the path', (url, expected) => {
    expect(databaseUri(url, 'shop_auth')).toBe(expected);
  });
});
