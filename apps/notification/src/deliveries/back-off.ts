const firstMs = 5_000;
const longestMs = 3_600_000;

/** A delivery is tried for a day. */
export const triedForMs = 24 * 3_600_000;

/** Pause after the n-th failed try: doubles from 5 s to an hour, with half of it left to chance so that tries spread. */
export function pauseAfter(attempts: number, random = Math.random()): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(attempts - 1, 20));
  return Math.round(full * (0.5 + random / 2));
}
