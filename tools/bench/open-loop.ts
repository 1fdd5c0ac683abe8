import { setTimeout as delay } from 'node:timers/promises';
import { request, type Agent } from 'undici';

/** Milliseconds of a request, a POST where it has a body. @throws Error when the answer is not 200 */
export async function timed(dispatcher: Agent, url: string, body?: unknown): Promise<number> {
  const begun = performance.now();
  const json = body === undefined ? {} : { method: 'POST' as const, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await request(url, { dispatcher, ...json });
  await response.body.dump();
  if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}`);
  return performance.now() - begun;
}

/** Sends when it is due, whether or not the last ones are answered; resolves with what `send` said. */
export async function openLoop(perSecond: number, seconds: number, send: (i: number) => Promise<number>): Promise<number[]> {
  const begun = performance.now();
  const pending: Promise<number>[] = [];
  for (let i = 0; i < perSecond * seconds; i += 1) {
    const wait = begun + (i * 1_000) / perSecond - performance.now();
    if (wait > 1) await delay(wait);
    pending.push(send(i));
  }
  return Promise.all(pending);
}
