import { expect, it } from 'vitest';
import { RegionLimits } from './region-limits.ts';

it('scales limits of the regions that it knows', () => {
  const regions = new RegionLimits('eu=1, far=0.25');
  expect([regions.scale('eu', 20), regions.scale('far', 20), regions.scale('far', 2), regions.scale('moon', 20), regions.scale(undefined, 20)]).toEqual([20, 5, 1, 20, 20]);
});

it.each(['eu', 'eu=', 'eu=0', 'EU=1', 'eu=-1', 'eu=1;far=2'])('refuses %s, naming it', (text) => {
  expect(() => new RegionLimits(text)).toThrow(text);
});
