import { expect, it } from 'vitest';
import { poolsTogether, requireRoomForPools } from './pools.ts';
import { workerCounts } from './worker-counts.ts';

const large = { cores: 16, memoryBytes: 64 * 1024 ** 3 };

it('adds up the pools of all workers', () => {
  expect(poolsTogether({ 'product-service': 2, 'cart-service': 2, 'order-service': 2, 'auth-service': 1, 'notification-service': 1 })).toBe(2 * 50 + 2 * 30 + 20 + 10);
  expect(poolsTogether(workerCounts({ NODE_ENV: 'production' }, { machine: large, peak: true }))).toBe(16 * 50 + 16 * 30 + 4 * 20 + 2 * 10);
});

it('refuses workers whose pools together take more than 80 % of what the server admits, and says what to do', () => {
  const workers = { 'product-service': 8 };
  expect(() => requireRoomForPools(workers, 500)).not.toThrow();
  expect(() => requireRoomForPools(workers, 499)).toThrow('The pools of all workers may open 400 connections, more than 80 % of the 499 that MongoDB admits. Take fewer workers (MAX_WORKERS)');
  expect(() => requireRoomForPools(workers, undefined)).not.toThrow();
});
