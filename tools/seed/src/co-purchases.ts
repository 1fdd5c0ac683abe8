import type { Profile } from './profiles.ts';
import { productAtRank, randomOf, zipfRank } from './random.ts';

export interface SeedPair {
  /** Numbers of products. */
  readonly a: number;
  readonly b: number;
  readonly count: number;
}

/** Products in a row that are bought together: each has this many less one. */
export const CLUSTER = 6;
const BASKETS_PER_PRODUCT = 6;
const KEPT = 10;

/** The others of a product's cluster: what its recommendations should be. */
export function planted(product: number, products: number): number[] {
  const first = product - (product % CLUSTER);
  return Array.from({ length: CLUSTER }, (_, place) => first + place).filter((other) => other !== product && other < products);
}

/** How often products were bought together: baskets of a product, some of its cluster, and some of anything popular. */
export function pairsOf({ products }: Profile, seed: number): SeedPair[] {
  const random = randomOf(seed, 'baskets');
  const counts = Array.from({ length: products }, () => new Map<number, number>());
  const add = (a: number, b: number): void => void counts[a]?.set(b, (counts[a]?.get(b) ?? 0) + 1);
  for (let index = 0; index < products * BASKETS_PER_PRODUCT; index += 1) {
    const anchor = index % products;
    const basket = new Set([anchor, ...random.shuffle(planted(anchor, products)).slice(0, random.between(2, 4))]);
    if (random.chance(0.5)) basket.add(productAtRank(zipfRank(products, random), products));
    for (const a of basket) for (const b of basket) if (a !== b) add(a, b);
  }
  return counts.flatMap((others, a) => [...others].sort(([left, x], [right, y]) => y - x || left - right).slice(0, KEPT).map(([b, count]) => ({ a, b, count })));
}
