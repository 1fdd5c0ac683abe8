import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { parseExposition, type Series } from './exposition.ts';
import type { Target } from './targets.ts';

/** The figures of one worker at one moment. */
export interface WorkerScrape {
  readonly service: string;
  readonly worker: number;
  readonly metrics: ReadonlyMap<string, readonly Series[]>;
}

/** The figures of all workers that answered. */
export interface Scrape {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The services that were asked for, with or without a worker. */
  readonly services: readonly string[];
  readonly workers: readonly WorkerScrape[];
}

/** Asks every slot for its figures; empty ones refuse at once. Takes at most `timeoutMs`. */
export async function scrape(targets: readonly Target[], timeoutMs = 2_000): Promise<Scrape> {
  const at = Date.now();
  const slots = (await Promise.all(targets.map(slotsOf))).flat();
  const workers = await Promise.all(slots.map(async ({ service, worker, url }) => {
    const text = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) }).then((response) => (response.ok ? response.text() : undefined)).catch(() => undefined);
    return text === undefined ? [] : [{ service, worker, metrics: parseExposition(text) }];
  }));
  return { at, services: targets.map(({ service }) => service), workers: workers.flat() };
}

/** Under PM2 a worker per port; behind a name of containers a worker per address as well. Numbered through. */
async function slotsOf({ service, host, port, slots }: Target): Promise<{ service: string; worker: number; url: string }[]> {
  const addresses = isIP(host) === 0 ? await lookup(host, { all: true, family: 4 }).then((found) => found.map(({ address }) => address).sort(), () => []) : [host];
  return addresses.flatMap((address) => Array.from({ length: slots }, (_, slot) => `http://${address}:${port + slot}/metrics`)).map((url, worker) => ({ service, worker, url }));
}
