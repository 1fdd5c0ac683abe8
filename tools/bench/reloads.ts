import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { inspect, scaleService } from '@shopfleet/local';
import { Pool } from 'undici';
import { booksDiffer } from './books.ts';
import type { BenchOptions, BenchShop } from './bench-shop.ts';
import { ShopTraffic, VisitFailure } from './shop-traffic.ts';
import { percentile, type Row } from './table.ts';

const services = ['product-service', 'cart-service', 'order-service', 'auth-service', 'notification-service'];
const reloads = 3;
const seed = 42;
// So few that none waits long: a rate at which everybody waits for a second is none that a shop is run at.
const closedLoop = { visitors: 8, seconds: 6 };

/**
 * Visitors of every service, by GET and POST over connections that are kept, at half of what the shop bears, while each
 * service is reloaded three times and scaled from two workers to four and back. Nothing is tried twice by the visitors.
 */
export async function benchReloads(shop: BenchShop, { requests }: BenchOptions): Promise<Row[]> {
  const pool = new Pool(shop.url, { connect: { ca: shop.ca }, connections: 64, headersTimeout: 15_000, bodyTimeout: 15_000 });
  const before = new Map(services.map((service) => [service, 0]));
  for (const { app } of (await inspect(shop.instance)).workers) if (before.has(app)) before.set(app, (before.get(app) ?? 0) + 1);
  try {
    for (const service of services) await scaleService(shop.instance, service, '2');
    const traffic = await ShopTraffic.open(pool, seed);
    await capacity(traffic, 2);
    const most = await capacity(traffic, closedLoop.seconds);
    const perSecond = Math.max(1, Math.floor(most / 2));
    console.log(`  the shop bears ${Math.round(most)} visits/s; ${perSecond}/s while it is operated`);
    const sentBefore = traffic.sent;
    const { failures, latencies } = await operated(shop, traffic, perSecond, requests);
    const sent = traffic.sent - sentBefore;
    for (const failure of failures.slice(0, 20)) console.log(`  ✗ ${failure}`);
    const broken = await booksDiffer(shop);
    return [
      { what: `reloads: visits a second, half of ${Math.round(most)}, open loop`, measured: `${perSecond}/s` },
      { what: `reloads: requests sent through ${reloads} reloads and 2 → 4 → 2 of ${services.length} services`, measured: sent.toLocaleString('en'), promised: `≥ ${requests.toLocaleString('en')}`, ok: sent >= requests },
      { what: 'reloads: requests that failed', measured: String(failures.length), promised: '0', ok: failures.length === 0 },
      { what: 'reloads: p50 and p99 of a visit meanwhile', measured: `${percentile(latencies, 0.5).toFixed(0)} and ${percentile(latencies, 0.99).toFixed(0)} ms` },
      { what: 'reloads: differences in the books afterwards', measured: String(broken), promised: '0', ok: broken === 0 },
    ];
  } finally {
    await pool.destroy();
    for (const [service, workers] of before) await scaleService(shop.instance, service, String(workers));
  }
}

/** Visits a second of so many visitors who go on as soon as they are answered. */
async function capacity(traffic: ShopTraffic, seconds: number): Promise<number> {
  const end = performance.now() + seconds * 1_000;
  let visits = 0;
  const visitor = async (): Promise<void> => {
    for (; performance.now() < end; visits += 1) await traffic.visit(traffic.draw());
  };
  await Promise.all(Array.from({ length: closedLoop.visitors }, visitor));
  return visits / seconds;
}

async function operated(shop: BenchShop, traffic: ShopTraffic, perSecond: number, requests: number): Promise<{ failures: string[]; latencies: number[] }> {
  const failures: string[] = [];
  const latencies: number[] = [];
  const pending = new Set<Promise<void>>();
  let done = false;
  const enough = traffic.sent + requests;
  const work = operate(shop).finally(() => (done = true));
  const begun = performance.now();
  for (let visit = 0; !done || traffic.sent < enough; visit += 1) {
    const due = begun + (visit * 1_000) / perSecond;
    const wait = due - performance.now();
    if (wait > 1) await delay(wait);
    // From when it was due: a generator that is late must not make the shop look fast.
    const answer = traffic.visit(traffic.draw()).then(() => void latencies.push(performance.now() - due), (error: unknown) => {
      if (!(error instanceof VisitFailure)) throw error;
      failures.push(error.message);
    });
    pending.add(answer);
    void answer.finally(() => pending.delete(answer));
  }
  await Promise.all(pending);
  await work;
  return { failures, latencies };
}

/** As operators type it. */
async function operate({ instance, environment }: BenchShop): Promise<void> {
  for (let round = 1; round <= reloads; round += 1) {
    const begun = performance.now();
    await promisify(execFile)(process.execPath, ['infra/local/cli.ts', 'cluster:restart'], { cwd: instance.projectDir, env: environment, timeout: 400_000 });
    console.log(`  reload ${round} of every service: ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
  }
  for (const service of services) {
    const begun = performance.now();
    for (const workers of ['4', '2']) await scaleService(instance, service, workers);
    console.log(`  ${service} 2 → 4 → 2: ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
  }
}
