import { endpointOf } from '@shopfleet/redis';
import type { ConnectionOptions } from 'bullmq';

// BullMQ makes its own connections from these; only plain options, so that no second client policy is needed here.
const retryStrategy = (attempt: number): number => Math.min(2000, 50 * 2 ** Math.min(attempt, 6));

/**
 * Who adds a job must hear at once that Redis is away. No commandTimeout: BullMQ asks for INFO once, as it connects, and
 * a queue whose INFO came too late on a busy machine would refuse jobs for ever. `Jobs` keeps a deadline instead.
 */
export function producerConnection(url: string): ConnectionOptions {
  return { ...endpointOf(url), enableOfflineQueue: false, maxRetriesPerRequest: 1, connectTimeout: 2000, retryStrategy };
}

/** A worker blocks on Redis and waits for it as long as it takes. */
export function workerConnection(url: string): ConnectionOptions {
  return { ...endpointOf(url), maxRetriesPerRequest: null, connectTimeout: 2000, retryStrategy };
}
