import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withLock } from './lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shopfleet-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('lets one in at a time', async () => {
  const file = join(folder, 'lock');
  let inside = 0;
  let most = 0;
  const visit = (): Promise<void> =>
    withLock(file, async () => {
      most = Math.max(most, (inside += 1));
      await new Promise((resolve) => setTimeout(resolve, 20));
      inside -= 1;
    });
  await Promise.all([visit(), visit(), visit()]);
  expect(most).toBe(1);
});

it('takes over the lock of a process that has died', async () => {
  const file = join(folder, 'lock');
  // A pid beyond what Linux gives.
  await writeFile(file, JSON.stringify({ pid: 2 ** 22 + 1, startTime: '1' }));
  expect(await withLock(file, () => Promise.resolve('in'))).toBe('in');
});

it('gives the lock back when the work fails', async () => {
  const file = join(folder, 'lock');
  await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withLock(file, () => Promise.resolve('in'))).toBe('in');
});
