import { expect, it } from 'vitest';
import { waitingTime } from './waiting-time.ts';

it.each([[1, '1 second'], [42, '42 seconds'], [119, '119 seconds'], [120, '2 minutes'], [121, '3 minutes'], [900, '15 minutes']])(
  'says %i seconds as %s',
  (seconds, text) => expect(waitingTime(seconds)).toBe(text),
);
