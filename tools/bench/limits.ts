import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { BenchOptions, BenchShop } from './bench-shop.ts';
import { median, type Row } from './table.ts';
import { findWrk, requestsPerSecond } from './wrk.ts';

const rounds = 5;

/** A limited route beside the same route without a limit, in one worker, by turns. */
export async function benchLimits(shop: BenchShop, { seconds }: BenchOptions): Promise<Row[]> {
  return measureLimits(shop.environmentOf('cart-service')['REDIS_STATE_URL'] ?? '', seconds);
}

/** The same on any redis-state. */
export async function measureLimits(redisStateUrl: string, seconds: number): Promise<Row[]> {
  const wrk = await findWrk();
  const worker = spawn(process.execPath, [fileURLToPath(new URL('limited-worker.mjs', import.meta.url))], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', REDIS_STATE_URL: redisStateUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [url] = (await once(createInterface(worker.stdout), 'line')) as [string];
    for (const route of ['limited', 'unlimited']) await requestsPerSecond(wrk, `${url}/${route}`, 2);
    return [
      ...(await comparedRoutes(wrk, url, seconds, 'one address')),
      ...(await comparedRoutes(wrk, url, seconds, '1,000 addresses by turns', fileURLToPath(new URL('many-addresses.lua', import.meta.url)))),
    ];
  } finally {
    worker.kill('SIGTERM');
  }
}

async function comparedRoutes(wrk: string, url: string, seconds: number, who: string, script?: string): Promise<Row[]> {
  const limited: number[] = [];
  const unlimited: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    limited.push(await requestsPerSecond(wrk, `${url}/limited`, seconds, {}, script));
    unlimited.push(await requestsPerSecond(wrk, `${url}/unlimited`, seconds, {}, script));
    console.log(`  ${who}, round ${round + 1}: limited ${Math.round(limited.at(-1) ?? 0)}/s, unlimited ${Math.round(unlimited.at(-1) ?? 0)}/s`);
  }
  const ratio = median(limited.map((rate, i) => rate / (unlimited[i] ?? Number.NaN)));
  return [
    { what: `limits: a limited route, one worker, ${who}`, measured: `${Math.round(median(limited))} requests/s` },
    { what: `limits: the same route unlimited, ${who}`, measured: `${Math.round(median(unlimited))} requests/s` },
    { what: `limits: limited beside unlimited (median of pairs), ${who}`, measured: `${ratio.toFixed(2)} ×`, promised: '≥ 0.65 ×', ok: ratio >= 0.65 },
  ];
}
