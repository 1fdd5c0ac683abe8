import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mongoEnvironment, rabbitEnvironment, redisEnvironment, serviceEnvironment } from './environment.ts';
import { ConfigError, parseEnvironment } from './load-config.ts';

const schema = z.object({ ...serviceEnvironment, ...mongoEnvironment, ...redisEnvironment });
const valid = {
  PORT: '5400',
  INTERNAL_TOKEN: 'sixteen-characters',
  MONGODB_URI: 'mongodb://127.0.0.1:27100/shop_order?replicaSet=rs0',
  REDIS_CACHE_URL: 'redis://127.0.0.1:6390',
  REDIS_STATE_URL: 'redis://127.0.0.1:6391',
};

describe('parseEnvironment', () => {
  it('turns text into typed values and fills in defaults', () => {
    const config = parseEnvironment(schema, { ...valid, ALLOWED_ORIGINS: 'https://a.example, https://b.example', LOG_LEVEL: '' });
    expect(config).toMatchObject({ PORT: 5400, NODE_APP_INSTANCE: 0, LOG_LEVEL: 'info', ALLOWED_ORIGINS: ['https://a.example', 'https://b.example'] });
  });

  it('names every wrong variable in a line of its own', () => {
    const attempt = () => parseEnvironment(schema, { ...valid, PORT: 'http', MONGODB_URI: undefined });
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(/^PORT is wrong: .+\nMONGODB_URI is not set$/u);
  });

  it.each([
    ['PORT', '70000'], ['NODE_APP_INSTANCE', '-1'], ['NODE_ENV', 'prod'], ['HOST', 'http://here'], ['LOG_LEVEL', 'loud'], ['PUBLIC_URL', 'shop.example'], ['GATEWAY_URL', 'ftp://a'],
    ['INTERNAL_TOKEN', 'short'], ['ALLOWED_ORIGINS', 'https://a.example,b.example'], ['ALLOWED_ORIGINS', 'https://a.example/shop'], ['ALLOWED_ORIGINS', '*'],
    ['TRUSTED_PROXIES', '10.0.0.0/8,proxy'], ['TRUSTED_PROXIES', '10.0.0.0/33'], ['TRUSTED_PROXIES', '0.0.0.0/0'], ['TRUSTED_PROXIES', '::/0'], ['LOADTEST_CIDR', '127.0.0.0/8,10.0.0.0/8'],
    ['REGION_LIMITS', 'eu'], ['REGION_LIMITS', 'eu=0'], ['REGION_LIMITS', 'eu=-1'], ['SHUTDOWN_TIMEOUT_MS', '1'], ['MONGODB_URI', 'mongodb://127.0.0.1:27017'], ['MONGODB_URI', 'http://a/b'],
    ['REDIS_CACHE_URL', 'redis://'], ['REDIS_STATE_URL', '127.0.0.1:6379'], ['RABBITMQ_URL', 'http://127.0.0.1'], ['RABBITMQ_URL', 'amqp://host:port'],
  ])('ends with one line for %s=%s', (name, value) => {
    const whole = z.object({ ...serviceEnvironment, ...mongoEnvironment, ...redisEnvironment, ...rabbitEnvironment });
    const attempt = () => parseEnvironment(whole, { ...valid, RABBITMQ_URL: 'amqp://127.0.0.1', [name]: value });
    expect(attempt).toThrow(new RegExp(`^${name} is wrong: [^\\n]+$`, 'u'));
  });

  it('takes ranges, origins and factors of regions', () => {
    const given = { TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::/32,192.0.2.1', LOADTEST_CIDR: '127.0.0.0/8', REGION_LIMITS: 'eu=1, far=0.5,', ALLOWED_ORIGINS: 'http://localhost:3000' };
    expect(parseEnvironment(schema, { ...valid, ...given })).toMatchObject({ TRUSTED_PROXIES: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.1'], LOADTEST_CIDR: '127.0.0.0/8' });
  });

  it('names a variable once, also for what lies inside of it', () => {
    const nested = z.object({ KEYS: z.string().transform((text) => JSON.parse(text) as unknown).pipe(z.array(z.object({ kid: z.string(), x: z.string() }))) });
    expect(() => parseEnvironment(nested, { KEYS: '[{}]' })).toThrow(/^KEYS is wrong: [^\n]+ \(at 0\.kid\)$/u);
  });

  it('reads NAME_FILE, which cannot be read or is given beside NAME in one line each', () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'config-')), 'internal-token');
    writeFileSync(file, 'from-a-file-of-its-own\n');
    const { INTERNAL_TOKEN: _token, ...others } = valid;
    expect(parseEnvironment(schema, { ...others, INTERNAL_TOKEN_FILE: file })).toMatchObject({ INTERNAL_TOKEN: 'from-a-file-of-its-own' });
    expect(() => parseEnvironment(schema, { ...valid, INTERNAL_TOKEN_FILE: file })).toThrow(/^INTERNAL_TOKEN is given twice[^\n]+$/u);
    expect(() => parseEnvironment(schema, { ...others, INTERNAL_TOKEN_FILE: `${file}.gone` })).toThrow(/^INTERNAL_TOKEN_FILE is wrong: [^\n]+ENOENT\)$/u);
  });

  it('never shows the value of a variable', () => {
    expect(() => parseEnvironment(schema, { ...valid, INTERNAL_TOKEN: 'short-secret' })).toThrow(expect.not.stringContaining('short-secret'));
  });
});
