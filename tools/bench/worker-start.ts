import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BenchShop } from './bench-shop.ts';
import { median, type Row } from './table.ts';

const rounds = 3;
const services = ['product', 'cart', 'auth', 'order', 'notification'] as const;

/** One more worker of each service, beside the running shop: from its start until it takes traffic, and its memory then. */
export async function benchWorkerStart(shop: BenchShop): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [index, service] of services.entries()) {
    const starts: { ms: number; megabytes: number }[] = [];
    for (let round = 0; round < rounds; round += 1) starts.push(await startOnce(shop, service, 5_940 + index + shop.instance.portOffset));
    const ms = median(starts.map((start) => start.ms));
    const megabytes = Math.max(...starts.map((start) => start.megabytes));
    rows.push(
      { what: `worker start: ${service}, until it is ready (median of ${rounds})`, measured: `${(ms / 1_000).toFixed(2)} s`, promised: '< 2 s', ok: ms < 2_000 },
      { what: `worker start: ${service}, resident memory then`, measured: `${Math.round(megabytes)} MB`, promised: '< 200 MB', ok: megabytes < 200 },
    );
  }
  return rows;
}

async function startOnce(shop: BenchShop, service: string, port: number): Promise<{ ms: number; megabytes: number }> {
  const main = fileURLToPath(new URL(`../../apps/${service}/dist/main.js`, import.meta.url));
  const environment = { ...shop.environmentOf(`${service}-service`), PORT: String(port), NODE_APP_INSTANCE: '0', LOG_LEVEL: 'error', LOG_FILE: '' };
  const began = performance.now();
  const child = spawn(process.execPath, [...shop.nodeArgsOf(`${service}-service`), main], { env: { PATH: process.env['PATH'], ...environment }, stdio: ['ignore', 'ignore', 'inherit'] });
  for (;;) {
    if ((await fetch(`http://127.0.0.1:${port}/ready`).catch(() => undefined))?.ok) break;
    if (child.exitCode !== null || performance.now() - began > 60_000) throw new Error(`the ${service} worker did not start: build it first (npm run build)`);
    await delay(20);
  }
  const ms = performance.now() - began;
  const kilobytes = Number(/VmRSS:\s+(\d+)/u.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? Number.NaN);
  child.kill('SIGTERM');
  await new Promise((resolve) => child.once('exit', resolve));
  return { ms, megabytes: kilobytes / 1024 };
}
