import type { Held } from './collect-garbage.ts';

/** A weighing of a worker. */
export interface Sample {
  readonly pid: number;
  /** Since the beginning. */
  readonly minutes: number;
  /** Resident. */
  readonly megabytes: number;
  readonly held: Held;
  readonly descriptors: number;
}

export interface Growth {
  /** Megabytes a minute: the median of the slopes between any two weighings (Theil and Sen), which a few odd ones do not move. */
  readonly slope: number;
  /** False where one was replaced by another, which began anew, however much the one before had grown. */
  readonly isOneProcess: boolean;
}

export function growthOf(samples: readonly Sample[]): Growth {
  const slopes = samples.flatMap((from, index) => samples.slice(index + 1).map((to) => (to.megabytes - from.megabytes) / (to.minutes - from.minutes)));
  const slope = slopes.sort((a, b) => a - b)[Math.floor(slopes.length / 2)] ?? 0;
  return { slope, isOneProcess: new Set(samples.map(({ pid }) => pid)).size === 1 };
}
