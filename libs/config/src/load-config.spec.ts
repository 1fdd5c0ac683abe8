import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mongoEnvironment, redisEnvironment, serviceEnvironment } from './environment.ts';
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

  it('never shows the value of a variable', () => {
    expect(() => parseEnvironment(schema, { ...valid, INTERNAL_TOKEN: 'short-secret' })).toThrow(expect.not.stringContaining('short-secret'));
  });
});
