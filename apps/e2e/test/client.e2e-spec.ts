import { expect, it } from 'vitest';
import { operate } from '../src/shop.ts';

it('the typed client is what the documents of the running shop say', async () => {
  expect(await operate('npm', 'run', '-s', 'client', '--', '--check')).toMatch(/has the types of \d+ paths/u);
});
