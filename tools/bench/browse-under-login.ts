import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { BenchOptions, BenchShop } from './bench-shop.ts';
import { median, percentile, type Row } from './table.ts';

const browsesPerSecond = 200;
const loginsPerSecond = 10;
const rounds = 5;

/** Browsing while people log in. Open loop: requests are sent when they are due, whether or not the last ones are answered. */
export async function benchBrowseUnderLogin(shop: BenchShop, { seconds }: BenchOptions): Promise<Row[]> {
  const dispatcher = new Agent({ connect: { ca: shop.ca }, connections: 64 });
  // Pages that the edge does not hold all at once: some come from workers.
  const browse = (i: number): Promise<number> => timed(dispatcher, `${shop.url}/api/products?page=${1 + (i % 40)}&limit=20`);
  const login = (): Promise<number> => timed(dispatcher, `${shop.url}/api/auth/login`, { email: 'customer@example.com', password: 'shopfleet-demo' });
  try {
    await openLoop(browsesPerSecond, 3, browse);
    const idle: number[] = [];
    const busy: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      idle.push(percentile(await openLoop(browsesPerSecond, seconds, browse), 0.99));
      const logins = openLoop(loginsPerSecond, seconds, login);
      busy.push(percentile(await openLoop(browsesPerSecond, seconds, browse), 0.99));
      await logins;
      console.log(`  round ${round + 1}: p99 idle ${idle.at(-1)?.toFixed(1)} ms, under logins ${busy.at(-1)?.toFixed(1)} ms`);
    }
    const ratio = median(busy.map((p99, i) => p99 / (idle[i] ?? Number.NaN)));
    return [
      { what: `browse-under-login: p99 of ${browsesPerSecond} pages/s, nobody logs in`, measured: `${median(idle).toFixed(1)} ms` },
      { what: `browse-under-login: p99 while ${loginsPerSecond} logins/s arrive`, measured: `${median(busy).toFixed(1)} ms` },
      { what: 'browse-under-login: beside idle (median of pairs)', measured: `${ratio.toFixed(2)} ×`, promised: '≤ 1.5 ×', ok: ratio <= 1.5 },
    ];
  } finally {
    await dispatcher.close();
  }
}

async function timed(dispatcher: Agent, url: string, body?: unknown): Promise<number> {
  const begun = performance.now();
  const json = body === undefined ? {} : { method: 'POST' as const, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await request(url, { dispatcher, ...json });
  await response.body.dump();
  if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}`);
  return performance.now() - begun;
}

async function openLoop(perSecond: number, seconds: number, send: (i: number) => Promise<number>): Promise<number[]> {
  const begun = performance.now();
  const pending: Promise<number>[] = [];
  for (let i = 0; i < perSecond * seconds; i += 1) {
    const wait = begun + (i * 1_000) / perSecond - performance.now();
    if (wait > 1) await delay(wait);
    pending.push(send(i));
  }
  return Promise.all(pending);
}
