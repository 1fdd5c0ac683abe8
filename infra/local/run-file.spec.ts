import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveInstance } from './instance.ts';
import { databaseUri, readRunFile, runFilePath, workerCounts, writeRunFile } from './run-file.ts';
import { ensureSecrets } from './secrets.ts';
import type { RunningServer } from './servers/index.ts';

const dataDir = () => mkdtempSync(path.join(tmpdir(), 'run-file-'));
const server = (name: string, url: string): RunningServer => ({ name, kind: 'binary', url, port: 1, logFile: '' });
const servers = [
  server('mongod', 'mongodb://127.0.0.1:27100/?replicaSet=rs0'),
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
      MONGODB_URI: 'mongodb://127.0.0.1:27100/shop_order?replicaSet=rs0',
      PORT: '5400',
      PAYMENT_URL: 'http://127.0.0.1:5600',
      RABBITMQ_URL: 'amqp://shop:x@127.0.0.1:5680',
    });
    expect(runFile?.givenServers).toEqual(['rabbitmq']);
  });

  it('hands the catalogue its peak mode', () => {
    const instance = resolveInstance({ SHOPFLEET_DATA_DIR: dataDir() });
    writeRunFile(instance, servers, ensureSecrets(path.join(instance.dataDir, 'secrets.json')), { CACHE_PEAK_MODE: 'true' });
    expect(readRunFile(instance)?.apps['product-service']).toMatchObject({ CACHE_PEAK_MODE: 'true' });
  });

  it('keeps the secrets from start to start, readable by their owner', () => {
    const file = path.join(dataDir(), 'secrets.json');
    const first = ensureSecrets(file);
    expect(ensureSecrets(file)).toEqual(first);
    expect(first.authSigningKeys[0]).toMatchObject({ kty: 'OKP', crv: 'Ed25519' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe('the number of workers', () => {
  it('follows the cores in production and stays small on a development machine', () => {
    expect(workerCounts({ NODE_ENV: 'production' }, 8)).toEqual({ 'product-service': 8, 'cart-service': 8, 'order-service': 4, 'auth-service': 4, 'notification-service': 2 });
    expect(workerCounts({}, 8)['product-service']).toBe(2);
  });

  it('is bounded by MAX_WORKERS, and one without clustering', () => {
    expect(workerCounts({ NODE_ENV: 'production', MAX_WORKERS: '3' }, 8)['order-service']).toBe(3);
    expect(new Set(Object.values(workerCounts({ NODE_ENV: 'production', ENABLE_CLUSTERING: 'false' }, 8)))).toEqual(new Set([1]));
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
