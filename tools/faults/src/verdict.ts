import { check, untilSettled } from '@shopfleet/invariants';
import type { Crowd } from '@shopfleet/shoppers';
import type { FaultShop } from './shop.ts';

/** What is wrong in the shop's books once nothing is under way: empty when every difference is 0. */
export async function wrongIn({ books }: FaultShop, boundMs = 120_000): Promise<string[]> {
  const left = await untilSettled(books, boundMs);
  const unsettled = Object.entries(left).filter(([, count]) => count > 0).map(([what, count]) => `${count} ${what} still under way after ${boundMs / 1000} s`);
  const findings = await check(books);
  return [...unsettled, ...findings.filter(({ difference }) => difference !== 0).map(({ rule, figures, examples }) => `${rule}: ${figures} ${(examples ?? []).join(', ')}`)];
}

/** The same, and what its crowd asked for and did not get: orders that were never answered, and such as were taken and are not paid. */
export async function lostTo(crowd: Crowd, shop: FaultShop): Promise<string[]> {
  const unanswered = crowd.wishes.filter(({ id, problem }) => id === undefined || problem !== undefined).map(({ problem }) => `an order was not taken: ${problem ?? 'nobody answered'}`);
  const differences = await wrongIn(shop);
  const taken = crowd.wishes.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const paid = await shop.books.order.collection<{ _id: string }>('orders').countDocuments({ _id: { $in: taken }, status: 'paid' });
  return [...unanswered, ...differences, ...(paid === taken.length ? [] : [`${taken.length - paid} of ${taken.length} orders that were taken are not paid`])];
}
