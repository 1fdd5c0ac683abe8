import { LRUCache } from 'lru-cache';
import { productList } from './cache-families.ts';

// At most 50 × 500 positions (10,000 items may be paged by number), which take 1.6 MB.
const MAX_LISTS = 50;
const SPACING = 20;
// As long as Redis keeps a list: a change that was never told, its worker killed before it could, is noticed as late as there.
const LIFETIME_MS = productList.ttlSeconds * 1_000;

/** The first item of a list whose sort value is `value` has `rank` items before it. */
export interface Position {
  readonly rank: number;
  readonly value: number;
}

/**
 * Where lists were read, so that a page far down goes on from the nearest place that is known and is not counted from the
 * first item. A list is of one state of the catalogue: its name has to change with whatever may move its items.
 */
export class ListPositions {
  readonly #lists = new LRUCache<string, Position[]>({ max: MAX_LISTS, ttl: LIFETIME_MS, noUpdateTTL: true });

  /** The last position that is known at or before the item with so many before it. */
  nearest(list: string, rank: number): Position | undefined {
    const known = this.#lists.get(list);
    return known?.slice(0, Math.floor(rank / SPACING) + 1).findLast((position) => position !== undefined && position.rank <= rank);
  }

  /**
   * Remembers the last position in what was read.
   * @param values by which it is sorted
   * @param before how many items of the list stand before the first of them
   */
  keep(list: string, values: readonly number[], before: number): void {
    // The first item may have others of its value before it, whose number is not known.
    const last = values.findLastIndex((value, index) => index > 0 && value !== values[index - 1]);
    const value = values[last];
    if (value === undefined) return;
    const known = this.#lists.get(list) ?? [];
    known[Math.floor((before + last) / SPACING)] = { rank: before + last, value };
    this.#lists.set(list, known);
  }
}
