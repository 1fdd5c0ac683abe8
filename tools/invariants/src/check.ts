import { checkEvents } from './check-events.ts';
import { checkMoney } from './check-money.ts';
import { checkStock } from './check-stock.ts';
import type { ShopBooks } from './shop-books.ts';

/** Two figures that have to be equal. */
export interface Finding {
  readonly rule: string;
  /** What is compared, with its figures, for a person to read. */
  readonly figures: string;
  /** How far they are apart, or how many break the rule; 0 is as it must be. */
  readonly difference: number;
  /** Some of those that break it. */
  readonly examples?: readonly string[];
}

/** Every rule of the shop's books. Read while nothing is under way; each difference is 0 in a healthy shop. */
export async function check(books: ShopBooks): Promise<Finding[]> {
  return [...(await checkMoney(books)), ...(await checkStock(books)), ...(await checkEvents(books))];
}

/** A rule that some documents break. */
export const broken = (rule: string, what: string, breakers: readonly string[]): Finding => ({
  rule,
  figures: `${breakers.length} ${what}`,
  difference: breakers.length,
  ...(breakers.length > 0 && { examples: breakers.slice(0, 5) }),
});

/** Two sums that should be equal. */
export const compared = (rule: string, left: readonly [string, number], right: readonly [string, number]): Finding => ({
  rule,
  figures: `${left[0]} ${left[1]}, ${right[0]} ${right[1]}`,
  difference: Math.abs(left[1] - right[1]),
});
