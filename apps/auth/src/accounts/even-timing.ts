import { setTimeout as delay } from 'node:timers/promises';

/**
 * Answers no sooner than after `ms`, so that the time of an answer does not tell which of two ways it went (an address
 * that has an account, one that has none). Errors, which are alike on both ways, are not held back.
 */
export async function noSoonerThan<T>(ms: number, work: Promise<T>): Promise<T> {
  const [result] = await Promise.all([work, delay(ms)]);
  return result;
}
