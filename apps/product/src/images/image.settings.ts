import type { JobPolicy } from '@shopfleet/jobs';
import { decodesAtOnce } from '@shopfleet/images';

/** Injection token of the store of originals and renditions: a folder or a bucket. */
export const OBJECT_STORE = Symbol('OBJECT_STORE');

export const MAX_IMAGES = 20;

export const IMAGE_QUEUE = 'images';

/**
 * One core of the machine is left to everything else, however many workers there are. The claim is short, so that the
 * picture of a worker that died waits seconds for the next; decoding in threads leaves the loop free to renew it.
 */
export const imagePolicy: JobPolicy = {
  attempts: 3, backoffMs: 2_000, concurrency: decodesAtOnce(), globalConcurrency: decodesAtOnce(), lockMs: 10_000, keepCompleted: 100, keepFailed: 500,
};

export const SWEEP_QUEUE = 'image-sweep';
export const SWEEP_MS = 30_000;
export const sweepPolicy: JobPolicy = { attempts: 1, backoffMs: 1_000, concurrency: 1, keepCompleted: 5, keepFailed: 50 };
