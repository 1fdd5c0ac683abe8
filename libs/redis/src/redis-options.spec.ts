import { describe, expect, it } from 'vitest';
import { endpointOf } from './redis-options.ts';

describe('a Redis URL', () => {
  it('names host, port, account and database', () => {
    expect(endpointOf('rediss://jobs:p%40ss@redis.example:6391/3')).toEqual({ host: 'redis.example', port: 6391, db: 3, username: 'jobs', password: 'p@ss', tls: {} });
    expect(endpointOf('redis://localhost')).toEqual({ host: 'localhost', port: 6379, db: 0 });
  });

  it('may name Sentinels, which are asked who is primary', () => {
    expect(endpointOf('redis://:secret@redis-state:6379?sentinels=one:26379,two:26380&name=state')).toMatchObject({
      password: 'secret',
      name: 'state',
      sentinels: [{ host: 'one', port: 26_379 }, { host: 'two', port: 26_380 }],
    });
  });
});
