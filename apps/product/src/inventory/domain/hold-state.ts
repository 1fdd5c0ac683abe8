import type { HoldDocument } from '../stock.document.ts';

export type HoldState = HoldDocument['state'];

// A released hold can still be committed: the money may arrive just after the hold has ended.
const transitions: Readonly<Record<HoldState, readonly HoldState[]>> = {
  held: ['committed', 'released'],
  released: ['committed'],
  committed: [],
  rejected: [],
};

/** Whether a hold may go from one state to another; consumers ignore what may not, for events overtake each other. */
export function mayBecome(from: HoldState, to: HoldState): boolean {
  return transitions[from].includes(to);
}
