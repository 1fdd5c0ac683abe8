import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Whether somebody has sent the secret, in a time that tells nothing about how much of it was right. Anything but a text,
 * such as a header sent twice, is wrong.
 */
export function secretEquals(given: unknown, secret: string): boolean {
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(secret));
}
