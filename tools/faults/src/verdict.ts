import { check, untilSettled } from '@shopfleet/invariants';
import type { FaultShop } from './shop.ts';

/** What is wrong in the shop's books once nothing is under way: empty when every difference is 0. */
export async function wrongIn({ books }: FaultShop, boundMs = 120_000): Promise<string[]> {
  const left = await untilSettled(books, boundMs);
  const unsettled = Object.entries(left).filter(([, count]) => count > 0).map(([what, count]) => `${count} ${what} still under way after ${boundMs / 1000} s`);
  const findings = await check(books);
  return [...unsettled, ...findings.filter(({ difference }) => difference !== 0).map(({ rule, figures, examples }) => `${rule}: ${figures} ${(examples ?? []).join(', ')}`)];
}
