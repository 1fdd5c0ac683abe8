import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BenchOptions, BenchShop } from './bench-shop.ts';
import { median, type Row } from './table.ts';
import { findWrk, requestsPerSecond } from './wrk.ts';

// Two processes of the same program differ by some per cent for as long as they live, by where their code came to lie and
// what was compiled when: each generation measures new ones.
const generations = 6;
const rounds = 3;
const roundSeconds = 1;
const warmingSeconds = 3;

interface Variant {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly nodeArguments: readonly string[];
}

const preload = fileURLToPath(new URL('../../libs/tracing/dist/preload.js', import.meta.url));
const off: Variant = { name: 'off', environment: { METRICS: 'off', ACCESS_LOG: 'off', LOG_LEVEL: 'warn' }, nodeArguments: [] };
const figures: Variant = { name: 'metrics and logs', environment: { METRICS: 'on', ACCESS_LOG: 'on', LOG_LEVEL: 'info' }, nodeArguments: [] };
// Nobody listens there: what is measured is the worker, not a collector.
const traced: Variant = { ...figures, name: 'and tracing at 1 %', environment: { ...figures.environment, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }, nodeArguments: ['--import', preload] };

interface Load {
  readonly app: 'product' | 'cart';
  readonly what: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Two workers without figures, logs and traces beside the same with them, by turns: a hit in memory, which is the dearest
 * case since nothing is cheaper to answer, and the cart of a guest, which asks Redis twice.
 */
export async function benchObservability(shop: BenchShop, _options: BenchOptions): Promise<Row[]> {
  const wrk = await findWrk();
  const folder = mkdtempSync(path.join(tmpdir(), 'shopfleet-observability-'));
  try {
    const cartToken = await newCart(shop);
    const rows: Row[] = [];
    const loads: readonly Load[] = [
      { app: 'product', what: 'a hit in memory', path: '/api/products?limit=20', headers: {} },
      { app: 'cart', what: 'a cart', path: '/api/cart', headers: { 'x-cart-token': cartToken } },
    ];
    for (const load of loads) rows.push(...(await compare(shop, wrk, folder, load)));
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(shop: BenchShop, wrk: string, folder: string, load: Load): Promise<Row[]> {
  const variants = [off, figures, traced, off];
  const script = path.join(folder, `${load.app}.lua`);
  writeFileSync(script, luaOf(load.headers));
  const rates: number[][] = variants.map(() => []);
  for (let generation = 0; generation < generations; generation += 1) {
    const measured = await measureGeneration(shop, wrk, folder, script, variants, load);
    for (const [index, found] of measured.entries()) rates[index]?.push(median(found));
    console.log(`  ${load.what}, ${generation + 1} of ${generations}: ${variants.map(({ name }, index) => `${name} ${Math.round(rates[index]?.at(-1) ?? 0)}/s`).join(', ')}`);
  }
  const [first = [], , , second = []] = rates;
  const offRates = first.map((rate, round) => (rate + (second[round] ?? Number.NaN)) / 2);
  const costOf = (of: readonly number[] = [], beside: readonly number[] = offRates): number => 1 - median(of.map((rate, round) => rate / (beside[round] ?? Number.NaN)));
  const [ofFigures, ofTracing] = [costOf(rates[1]), costOf(rates[2])];
  return [
    { what: `observability: ${load.what}, all of it off`, measured: `${Math.round(median(offRates))} requests/s` },
    { what: `observability: ${load.what}, one worker without beside another without (how far the measuring is off)`, measured: `${(costOf(second, first) * 100).toFixed(1)} %` },
    { what: `observability: ${load.what}, cost of metrics and logs (median of pairs)`, measured: `${(ofFigures * 100).toFixed(1)} %`, promised: '≤ 10 %', ok: ofFigures <= 0.1 },
    { what: `observability: ${load.what}, cost with tracing at 1 % as well`, measured: `${(ofTracing * 100).toFixed(1)} %`, promised: '≤ 15 %', ok: ofTracing <= 0.15 },
  ];
}

/** Requests per second of each variant in each round, by workers that are started for it. */
async function measureGeneration(shop: BenchShop, wrk: string, folder: string, script: string, variants: readonly Variant[], load: Load): Promise<number[][]> {
  const workers = await Promise.all(variants.map((variant, index) => startWorker(shop, folder, load.app, variant, 5_900 + index + shop.instance.portOffset)));
  const rates: number[][] = variants.map(() => []);
  try {
    for (const { url } of workers) await requestsPerSecond(wrk, `${url}${load.path}`, warmingSeconds, {}, script);
    for (let round = 0; round < rounds; round += 1) {
      for (let turn = 0; turn < workers.length; turn += 1) {
        // Each begins as often as the others: who comes after a pause is the fastest.
        const index = (turn + round) % workers.length;
        rates[index]?.push(await requestsPerSecond(wrk, `${workers[index]?.url}${load.path}`, roundSeconds, {}, script));
      }
    }
  } finally {
    await Promise.all(workers.map(({ stop }) => stop()));
  }
  return rates;
}

/** One of a hundred requests comes with a trace that is recorded, as nginx sends them on. */
function luaOf(headers: Readonly<Record<string, string>>): string {
  return `${Object.entries(headers).map(([name, value]) => `wrk.headers["${name}"] = "${value}"`).join('\n')}
local count = 0
request = function()
  count = count + 1
  wrk.headers["traceparent"] = string.format("00-%032x-00000000000000a1-%s", count, count % 100 == 0 and "01" or "00")
  return wrk.format("GET", nil)
end
`;
}

async function startWorker(shop: BenchShop, folder: string, app: 'product' | 'cart', variant: Variant, port: number): Promise<{ url: string; stop: () => Promise<void> }> {
  const main = fileURLToPath(new URL(`../../apps/${app}/dist/main.js`, import.meta.url));
  const log = path.join(folder, `${app}-${port}.log`);
  const environment = { ...shop.environmentOf(`${app}-service`), PORT: String(port), NODE_APP_INSTANCE: '0', LOADTEST_CIDR: '127.0.0.0/8', LOG_FILE: log, ...variant.environment };
  const out = openSync(log, 'a');
  const child = spawn(process.execPath, [...shop.nodeArgsOf(`${app}-service`), ...variant.nodeArguments, main], { env: { PATH: process.env['PATH'], ...environment }, stdio: ['ignore', out, 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt += 1) {
    if ((await fetch(`${url}/ready`).catch(() => undefined))?.ok) break;
    if (attempt > 300 || child.exitCode !== null) throw new Error(`the ${app} worker did not start: build it first (npm run build)`);
    await delay(100);
  }
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}

async function newCart(shop: BenchShop): Promise<string> {
  const url = `http://127.0.0.1:${shop.instance.ports.gatewayInternal}`;
  const list = (await (await fetch(`${url}/api/products?inStock=true&limit=1`)).json()) as { items: { variants: { sku: string }[] }[] };
  const response = await fetch(`${url}/api/cart/items`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ sku: list.items[0]?.variants[0]?.sku, quantity: 1 }) });
  const { cartToken } = (await response.json()) as { cartToken?: string };
  if (cartToken === undefined) throw new Error(`no cart was made: ${response.status}`);
  return cartToken;
}
