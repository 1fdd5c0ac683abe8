import { expect, it } from 'vitest';
import { workersAsked } from './scaling.ts';

it.each([
  ['max', 2, 8, 8],
  ['4', 2, 8, 4],
  ['+2', 2, 8, 4],
  ['-1', 2, 8, 1],
  ['12', 2, 8, 12],
])('%s of %d workers where %d are the most is %d', (text, present, most, wanted) => {
  expect(workersAsked(text, present, most)).toBe(wanted);
});

it.each([
  ['many', 'is no number of workers'],
  ['1.5', 'is no number of workers'],
  ['-2', 'at least one worker'],
  ['0', 'at least one worker'],
  ['+400', 'slots'],
])('%s is refused, saying why', (text, why) => {
  expect(() => workersAsked(text, 2, 8)).toThrow(why);
});
