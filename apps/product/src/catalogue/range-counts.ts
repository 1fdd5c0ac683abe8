import { LRUCache } from 'lru-cache';
import { productCount } from './cache-families.ts';

const MAX_LISTS = 50;
const MAX_RANGES = 20;
// How far a known count may lie from the range that is asked for, in products at either end.
const MAX_BETWEEN = 1_000;
// As long as Redis keeps a count: a change that was never told is noticed as late as there.
const LIFETIME_MS = productCount.ttlSeconds * 1_000;

/** Amounts with `from ≤ amount < below`. */
export interface AmountRange {
  readonly from: number;
  readonly below: number;
}

/** Counts what lies in a range, and stops at `most` where that is given. */
export type CountRange = (range: AmountRange, most?: number) => Promise<number>;

interface Counted extends AmountRange {
  readonly count: number;
}

/**
 * How many items of a list lie in a range, from a range that was counted before and what lies between the ends of both: people
 * move one end of a range at a time. A list is of one state of the catalogue: its name has to change with whatever may move its items.
 */
export class RangeCounts {
  readonly #lists = new LRUCache<string, readonly Counted[]>({ max: MAX_LISTS, ttl: LIFETIME_MS, noUpdateTTL: true });

  async count(list: string, range: AmountRange, ask: CountRange): Promise<number> {
    const count = (await this.#fromNearest(list, range, ask)) ?? (await ask(range));
    this.#lists.set(list, [...(this.#lists.get(list) ?? []).slice(1 - MAX_RANGES), { ...range, count }]);
    return count;
  }

  async #fromNearest(list: string, range: AmountRange, ask: CountRange): Promise<number | undefined> {
    const near = nearest(this.#lists.get(list) ?? [], range);
    if (!near) return undefined;
    const [below, above] = await Promise.all([between(range.from, near.from, ask), between(near.below, range.below, ask)]);
    return below === undefined || above === undefined ? undefined : near.count + below + above;
  }
}

/** The known range whose ends are nearest; none where they are further away than the range is wide. */
function nearest(known: readonly Counted[], range: AmountRange): Counted | undefined {
  let [near, least]: [Counted | undefined, number] = [undefined, range.below - range.from];
  for (const each of known) {
    const distance = gap(each.from, range.from) + gap(each.below, range.below);
    if (distance < least) [near, least] = [each, distance];
  }
  return near;
}

function gap(a: number, b: number): number {
  return a === b ? 0 : Math.abs(a - b);
}

/** What lies from one end up to another, less than nothing where they stand the other way round; undefined where it is too much. */
async function between(from: number, below: number, ask: CountRange): Promise<number | undefined> {
  if (from === below) return 0;
  const count = await ask({ from: Math.min(from, below), below: Math.max(from, below) }, MAX_BETWEEN);
  if (count >= MAX_BETWEEN) return undefined;
  return from < below ? count : -count;
}
