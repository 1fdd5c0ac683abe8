import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';

it('tries until the attempt neither throws nor gives false', async () => {
  let tries = 0;
  const value = await eventually(() => {
    tries += 1;
    if (tries === 1) throw new Error('not yet');
    return tries === 2 ? (false as const) : tries;
  }, { intervalMs: 1 });
  expect(value).toBe(3);
});

it('fails with the last failure when time is up', async () => {
  const mails: string[] = [];
  await expect(eventually(() => expect(mails).toHaveLength(1), { timeoutMs: 20, intervalMs: 5 })).rejects.toThrow(/length/);
});

it('takes zero and nothing for a value', async () => {
  expect(await eventually(() => 0)).toBe(0);
  expect(await eventually(() => undefined)).toBeUndefined();
});
