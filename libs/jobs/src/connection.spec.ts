import { describe, expect, it } from 'vitest';
import { producerConnection, workerConnection } from './connection.ts';

describe('connections of queues', () => {
  it('reads account, password and database from the URL', () => {
    expect(producerConnection('redis://jobs:p%40ss@redis.example:6391/3')).toMatchObject({
      host: 'redis.example',
      port: 6391,
      db: 3,
      username: 'jobs',
      password: 'p@ss',
    });
  });

  it('lets a producer fail at once and a worker wait', () => {
    expect(producerConnection('redis://localhost')).toMatchObject({ enableOfflineQueue: false, maxRetriesPerRequest: 1, port: 6379 });
    expect(workerConnection('redis://localhost')).toMatchObject({ maxRetriesPerRequest: null });
  });
});
