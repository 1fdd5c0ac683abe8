import { rmSync, writeFileSync, readFileSync, mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { dataPath, renderUpstream } from '@shopfleet/local';
import type { BenchOptions, BenchShop } from './bench-shop.ts';
import type { Row } from './table.ts';
import { findWrk, requestsPerSecond } from './wrk.ts';

const slowMs = 50;
const workers = 2;

/**
 * Two workers behind the shop's own nginx, in an upstream as every service has it, one slowed by 50 ms; as many at once
 * as wrk asks (64). What the slow one gets of the traffic.
 */
export async function benchSlowWorker(shop: BenchShop, { seconds }: BenchOptions): Promise<Row[]> {
  const wrk = await findWrk();
  const port = shop.instance.ports.gateway + 20;
  const served = Array.from({ length: workers }, () => 0);
  const servers = await Promise.all(served.map((_, worker) => standIn(port + 1 + worker, worker === 0 ? slowMs : 0, () => (served[worker] = (served[worker] ?? 0) + 1))));
  const run = dataPath(shop.instance, 'nginx');
  const file = `${run}/conf.d/slow-worker.conf`;
  mkdirSync(`${run}/conf.d`, { recursive: true });
  writeFileSync(file, `${renderUpstream({ name: 'bench_slow', basePort: port + 1, slots: workers })}
server {
  listen 127.0.0.1:${port};
  location / { proxy_pass http://bench_slow; proxy_http_version 1.1; proxy_set_header Connection ""; }
}\n`);
  const reload = (): void => void process.kill(Number(readFileSync(`${run}/nginx.pid`, 'utf8')), 'SIGHUP');
  try {
    reload();
    await delay(1_500);
    const rate = await requestsPerSecond(wrk, `http://127.0.0.1:${port}/`, seconds);
    const share = (served[0] ?? 0) / served.reduce((sum, count) => sum + count, 0);
    return [
      { what: `slow worker: two workers, one slowed by ${slowMs} ms`, measured: `${Math.round(rate)} requests/s` },
      { what: 'slow worker: share of the traffic that the slow one gets', measured: `${(share * 100).toFixed(1)} %`, promised: '< 15 %', ok: share < 0.15 },
    ];
  } finally {
    rmSync(file, { force: true });
    reload();
    for (const server of servers) server.close().closeAllConnections();
  }
}

async function standIn(port: number, waitMs: number, count: () => void): Promise<Server> {
  const server = createServer({ keepAliveTimeout: 72_000 }, (_request, response) => {
    count();
    if (waitMs === 0) response.end('ok');
    else setTimeout(() => response.end('ok'), waitMs);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}
