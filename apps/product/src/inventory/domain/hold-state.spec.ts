import { expect, it } from 'vitest';
import { mayBecome, type HoldState } from './hold-state.ts';

const states: HoldState[] = ['held', 'committed', 'released', 'rejected'];

it('ends a hold once: by its commit, or by its release', () => {
  const allowed = states.flatMap((from) => states.filter((to) => mayBecome(from, to)).map((to) => `${from} → ${to}`));
  expect(allowed).toEqual(['held → committed', 'held → released', 'released → committed']);
});
