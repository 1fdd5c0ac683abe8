import { expect, it } from 'vitest';
import { runNode } from './child.ts';

const hang = "console.log('at work'); setInterval(() => undefined, 1000)";

it.each([['is asked to end', hang], ['is killed where it does not listen', `process.on('SIGTERM', () => undefined); ${hang}`]])('a program that hangs %s, and says so last', async (_what, program) => {
  const { code, output } = await runNode(['-e', program], { cwd: '.', withinMs: 3000 });
  expect(code).not.toBe(0);
  expect(output.trim().split('\n')).toEqual(['at work', 'it did not end within 3 s']);
}, 20_000);

it('a program that ends in time is not touched', async () => {
  expect(await runNode(['-e', "console.log('done')"], { cwd: '.', withinMs: 60_000 })).toEqual({ code: 0, output: 'done\n' });
});
