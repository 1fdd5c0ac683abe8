import type { HoldDocument } from '../stock.document.ts';

export type HoldState = HoldDocument['state'];

// A released hold can still be committed: the money may arrive just after the hold has ended.
const transitions: Readonly<Record<HoldState, readonly HoldState[]>> = {
  held: ['committed', 'released', 'cancelled'],
  released: ['committed', 'cancelled'],
  // Paid and then called off: the pieces go back on the shelf.
  committed: ['cancelled'],
  // The order is over for good, also when the news of its payment comes later.
  cancelled: [],
  rejected: [],
};

/** Whether a hold may go from one state to another; consumers ignore what may not, for events overtake each other. */
export function mayBecome(from: HoldState, to: HoldState): boolean {
  return transitions[from].includes(to);
}
