import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startWorker } from '../src/index.ts';

const entry = fileURLToPath(new URL('fixtures/worker.mjs', import.meta.url));

it('waits for readiness and gives the environment to the service', async () => {
  const worker = await startWorker(entry, { GREETING: 'hello' });
  expect(await (await fetch(worker.url)).text()).toBe('hello');
  expect(worker.output()).toContain('listening');
  await worker.kill();
});

it('kills with -9 and tells of it', async () => {
  const worker = await startWorker(entry, {});
  expect(await worker.kill()).toEqual({ code: null, signal: 'SIGKILL' });
  await expect(fetch(worker.url)).rejects.toThrow();
});

it('lets a service drain on SIGTERM', async () => {
  const worker = await startWorker(entry, {});
  expect(await worker.kill('SIGTERM')).toEqual({ code: 0, signal: null });
});

it('fails with the last words of a service that ends before it is ready', async () => {
  await expect(startWorker(entry, { FAIL: '1' })).rejects.toThrow(/code 1[\s\S]*MONGODB_URI is missing/);
});
