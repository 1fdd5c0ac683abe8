import { describe, expect, it } from 'vitest';
import { mostWorkers, workerCounts } from './worker-counts.ts';

const GiB = 1024 ** 3;
const large = { cores: 16, memoryBytes: 64 * GiB };

describe('how many workers a service gets', () => {
  it('is what features.md says in production, and two in development', () => {
    expect(workerCounts({ NODE_ENV: 'production' }, { machine: large })).toEqual({ 'auth-service': 4, 'product-service': 16, 'cart-service': 16, 'order-service': 4, 'notification-service': 2 });
    expect(workerCounts({}, { machine: large })).toEqual({ 'auth-service': 2, 'product-service': 2, 'cart-service': 2, 'order-service': 2, 'notification-service': 1 });
    expect(workerCounts({ CLUSTER: 'full' }, { machine: large })).toEqual(workerCounts({ NODE_ENV: 'production' }, { machine: large }));
  });

  it('is 16 of order at peak', () => {
    expect(workerCounts({ NODE_ENV: 'production' }, { machine: large, peak: true })).toMatchObject({ 'order-service': 16, 'product-service': 16 });
  });

  it('is bounded by the memory, by MAX_WORKERS and by ENABLE_CLUSTERING', () => {
    const small = { cores: 16, memoryBytes: 8 * GiB };
    expect(Object.values(workerCounts({ NODE_ENV: 'production' }, { machine: small }))).toEqual([4, 4, 4, 4, 2]);
    expect(Object.values(workerCounts({ NODE_ENV: 'production', MAX_WORKERS: '3' }, { machine: large, peak: true }))).toEqual([3, 3, 3, 3, 2]);
    expect(Object.values(workerCounts({ NODE_ENV: 'production', ENABLE_CLUSTERING: 'false' }, { machine: large }))).toEqual([1, 1, 1, 1, 1]);
  });

  it('is every core where max is asked for', () => {
    expect([mostWorkers({}, large), mostWorkers({ MAX_WORKERS: '8' }, large)]).toEqual([16, 8]);
  });
});
