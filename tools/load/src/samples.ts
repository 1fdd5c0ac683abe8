import { percentile } from '@shopfleet/bench';

/** One request of a load: when it was answered, how long that took and whether it was what was asked for. */
export interface Sample {
  /** Seconds since the load began. */
  readonly at: number;
  readonly milliseconds: number;
  readonly ok: boolean;
  /** Kind of request, such as `product`. */
  readonly name: string;
}

export interface Summary {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly slowest: number;
  readonly failed: number;
  /** From 0 to 1. */
  readonly failedShare: number;
}

export function summaryOf(samples: readonly Sample[]): Summary {
  const times = samples.map(({ milliseconds }) => milliseconds);
  const failed = samples.filter(({ ok }) => !ok).length;
  const [from, to] = bounds(samples);
  return {
    requests: samples.length,
    perSecond: samples.length / Math.max(1, to - from),
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    p99: percentile(times, 0.99),
    slowest: percentile(times, 1),
    failed,
    failedShare: samples.length === 0 ? 1 : failed / samples.length,
  };
}

export interface Second extends Summary {
  readonly second: number;
}

/** The load second by second; seconds without an answer are left out. */
export function bySecond(samples: readonly Sample[]): Second[] {
  const groups = Map.groupBy(samples, ({ at }) => Math.floor(at));
  return [...groups].sort(([a], [b]) => a - b).map(([second, of]) => ({ second, ...summaryOf(of), perSecond: of.length }));
}

function bounds(samples: readonly Sample[]): [from: number, to: number] {
  let [from, to] = [Infinity, 0];
  for (const { at } of samples) [from, to] = [Math.min(from, at), Math.max(to, at)];
  return [Math.min(from, to), to];
}
