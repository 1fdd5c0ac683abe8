import { expect, test } from 'vitest';
import { parseCommandLine, UsageError } from './command-line.ts';

test('words and options are told apart', () => {
  expect(parseCommandLine(['dlq', 'redrive', 'order', '--id', 'evt_1', '--json'])).toMatchObject({ words: ['dlq', 'redrive', 'order'], id: 'evt_1', json: true, all: false });
});

test.each([['--nonsense'], ['--limit', '0'], ['--limit', 'many'], ['--id']])('%j %j is refused', (...args) => {
  expect(() => parseCommandLine(['dlq', 'list', ...args])).toThrow(UsageError);
});
