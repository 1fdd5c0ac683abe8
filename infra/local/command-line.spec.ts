import { expect, it } from 'vitest';
import { numberOption, readOptions } from './command-line.ts';
import { LocalError, UsageError } from './errors.ts';

it('a wrong option is named in one line that says where to look', () => {
  const read = (...args: string[]) => () => readOptions('top', { args, options: { every: { type: 'string' } } });
  expect(read('--every', '2')().values).toEqual({ every: '2' });
  expect(read('--wrong')).toThrow(new UsageError("Unknown option '--wrong'. npm run top -- --help says what there is."));
  expect(read('--every')).toThrow(/^Option '--every <value>' argument missing\. npm run top/u);
  expect(read('word')).toThrow(UsageError);
});

it.each(['', ' ', 'x', '0', '11', '2.5'])('%j is no whole number from 1 to 10', (text) => {
  expect(() => numberOption('every', text, { least: 1, most: 10 })).toThrow(`--every is a whole number from 1 to 10, not "${text}".`);
});

it('numbers within their bounds are taken, fractions where they are wanted', () => {
  expect([numberOption('every', '10', { least: 1, most: 10 }), numberOption('every', '0.5', { least: 0.2, most: 1, whole: false })]).toEqual([10, 0.5]);
  expect(new UsageError('x')).toBeInstanceOf(LocalError);
});
