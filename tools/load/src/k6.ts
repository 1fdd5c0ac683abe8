import { spawn } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildGoProgram, locate } from '@shopfleet/local';
import type { LoadShop } from './load-shop.ts';
import type { Sample } from './samples.ts';

// Pinned: another version would be another load.
const k6Module = 'go.k6.io/k6@v1.8.1';
const script = fileURLToPath(new URL('../k6/shoppers.js', import.meta.url));

/** What `k6/shoppers.js` can do. */
export type Behaviour = 'cached' | 'uncached' | 'ranged' | 'visit' | 'flow' | 'cart';

/** How much of it: `at once` goes on as soon as it is answered; a rate goes on whether or not it is (open loop). */
export type Plan =
  | { readonly visitors: number; readonly seconds: number }
  | { readonly visits: number; readonly visitors: number }
  | { readonly perSecond: number; readonly seconds: number }
  | { readonly stages: readonly { readonly perSecond: number; readonly seconds: number }[] };

export interface K6Run {
  readonly samples: readonly Sample[];
  /** Visits that were due when all visitors were still waiting for answers. */
  readonly dropped: number;
  readonly visits: number;
}

/** k6 from PATH, or built from its Go module. @throws ServerError that says what is missing */
export async function findK6(): Promise<string> {
  return (await locate(['k6'])) ?? buildGoProgram(k6Module);
}

/** Runs a behaviour against the shop. Nothing is tried twice; the shop's own authority is trusted and no other. */
export async function runK6(shop: LoadShop, behaviour: Behaviour, plan: Plan): Promise<K6Run> {
  const folder = mkdtempSync(path.join(tmpdir(), 'shopfleet-load-'));
  try {
    const [data, planFile, csv] = ['data.json', 'plan.json', 'samples.csv'].map((name) => path.join(folder, name)) as [string, string, string];
    writeFileSync(data, JSON.stringify(shop.data));
    writeFileSync(planFile, JSON.stringify({ scenarios: { [behaviour]: { exec: behaviour, gracefulStop: '20s', ...executorOf(plan) } }, systemTags: ['status', 'name'], summaryTrendStats: ['med'] }));
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], SSL_CERT_FILE: shop.caFile, LOAD_DATA: data, LOAD_PLAN: planFile, LOAD_RUN: path.basename(folder), K6_NO_USAGE_REPORT: 'true' };
    const child = spawn(shop.k6, ['run', '--quiet', '--no-color', '--summary-mode=disabled', '--out', `csv=${csv}`, script], { env, stdio: ['ignore', 'inherit', 'inherit'] });
    const code = await new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve));
    if (code !== 0) throw new Error(`k6 ended with ${String(code)}`);
    return await read(csv);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function executorOf(plan: Plan): object {
  if ('visits' in plan) return { executor: 'shared-iterations', vus: plan.visitors, iterations: plan.visits, maxDuration: '120s' };
  if ('visitors' in plan) return { executor: 'constant-vus', vus: plan.visitors, duration: `${plan.seconds}s` };
  const crowd = { timeUnit: '1s', preAllocatedVUs: 64, maxVUs: 512 };
  if ('perSecond' in plan) return { executor: 'constant-arrival-rate', rate: Math.max(1, Math.round(plan.perSecond)), duration: `${plan.seconds}s`, ...crowd };
  const [first] = plan.stages;
  return { executor: 'ramping-arrival-rate', startRate: Math.round(first?.perSecond ?? 1), stages: plan.stages.map(({ perSecond, seconds }) => ({ target: Math.round(perSecond), duration: `${seconds}s` })), ...crowd };
}

/** k6 writes a line for each figure of each request; one of them is the time it took. */
async function read(csv: string): Promise<K6Run> {
  const samples: Sample[] = [];
  let [dropped, visits, began] = [0, 0, Number.NaN];
  let columns: Record<string, number> | undefined;
  for await (const line of createInterface(createReadStream(csv))) {
    const cells = line.split(',');
    if (columns === undefined) {
      columns = Object.fromEntries(cells.map((name, index) => [name, index]));
      continue;
    }
    const cell = (name: string): string => cells[columns?.[name] ?? -1] ?? '';
    if (cell('metric_name') === 'dropped_iterations') dropped += Number(cell('metric_value'));
    if (cell('metric_name') === 'iterations') visits += Number(cell('metric_value'));
    if (cell('metric_name') !== 'http_req_duration') continue;
    const moment = Number(cell('timestamp'));
    if (Number.isNaN(began)) began = moment;
    const status = Number(cell('status'));
    samples.push({ at: moment - began, milliseconds: Number(cell('metric_value')), ok: status >= 200 && status < 300, name: cell('name') });
  }
  return { samples, dropped, visits };
}
