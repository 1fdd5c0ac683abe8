import { fileURLToPath } from 'node:url';
import { eventually, startWorker } from '@shopfleet/testing';
import { Agent, request } from 'undici';
import { expect, it } from 'vitest';

it.each(['SIGINT', 'SIGTERM'] as const)('twenty three-second requests in flight at %s are all answered, and the worker ends by itself', async (signal) => {
  const entry = fileURLToPath(new URL('slow-service.ts', import.meta.url));
  const worker = await startWorker(entry, { INTERNAL_TOKEN: 'a-token-of-the-tests', LOG_LEVEL: 'info' });
  const dispatcher = new Agent({ connections: 20, pipelining: 1 });
  const inFlight = Array.from({ length: 20 }, () => request(`${worker.url}/slow`, { dispatcher }).then(async ({ statusCode, body }) => ({ statusCode, body: await body.json() })));
  // All of them have arrived in their handler; the first of them takes its three seconds yet.
  await eventually(async () => expect(await (await fetch(`${worker.url}/in-flight`)).json()).toEqual({ inFlight: 20 }));
  const ended = worker.kill(signal);
  expect(await Promise.all(inFlight)).toEqual(Array.from({ length: 20 }, () => ({ statusCode: 200, body: { done: true } })));
  expect(await ended).toEqual({ code: 0, signal: null });
  await dispatcher.close();
});
