import { expect, it } from 'vitest';
import { mayBecome, type HoldState } from './hold-state.ts';

const states: HoldState[] = ['held', 'committed', 'released', 'rejected', 'cancelled'];

it('ends a hold by its commit or its release, and for good when its order is called off', () => {
  const allowed = states.flatMap((from) => states.filter((to) => mayBecome(from, to)).map((to) => `${from} → ${to}`));
  expect(allowed).toEqual(['held → committed', 'held → released', 'held → cancelled', 'committed → cancelled', 'released → committed', 'released → cancelled']);
});
