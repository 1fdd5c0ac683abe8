import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { printTable, type Row } from '@shopfleet/bench';
import { commandLine, numberOption, projectFolder, UsageError } from '@shopfleet/local';
import { startLoadShop } from './src/load-shop.ts';
import { reportPage, type Chart } from './src/report.ts';
import type { Scenario } from './src/scenario.ts';
import { apacheBench } from './src/scenarios/apache-bench.ts';
import { autoscale } from './src/scenarios/autoscale.ts';
import { capacity, writeModel } from './src/scenarios/capacity.ts';
import { clustering } from './src/scenarios/clustering.ts';
import { latency } from './src/scenarios/latency.ts';
import { overload } from './src/scenarios/overload.ts';
import { flow, normal, stress } from './src/scenarios/patterns.ts';

const scenarios: Readonly<Record<string, Scenario>> = { ab: apacheBench, latency, normal, stress, flow, clustering, capacity, autoscale, overload };
const names = Object.keys(scenarios);

const { values, words } = commandLine({
  command: 'load',
  takesWords: true,
  help: `npm run load -- SCENARIO… | all [--seed 42] [--seconds 10]
npm run load -- model     writes docs/capacity.md anew from docs/capacity.json and the assumptions; loads nothing

Starts a shop of its own beside a running one (ports +4000 or SHOPFLEET_PORT_OFFSET, demo data), loads it from this machine
only, by ab and k6, and writes a page of what it saw into .shopfleet/load.
${names.map((name) => `  ${name.padEnd(11)} ${scenarios[name]?.about ?? ''}`).join('\n')}
  --seed      what visitors ask for; the same seed asks for the same
  --seconds   length of one phase, at most 120
k6 is taken from PATH, or built from its Go module; ab is installed where it is missing.`,
  options: { seed: { type: 'string', default: '42' }, seconds: { type: 'string', default: '10' } },
});
if (words.length === 1 && words[0] === 'model') {
  writeModel();
  process.exit(0);
}
const chosen = words.includes('all') ? names : words;
const unknown = chosen.filter((name) => !(name in scenarios));
if (chosen.length === 0 || unknown.length > 0) throw new UsageError(`${unknown.length > 0 ? `There is no scenario "${unknown.join(', ')}": c` : 'C'}hoose from ${names.join(', ')}, all.`);
const seed = numberOption('seed', values.seed, { least: 0, most: 2 ** 31 });
const seconds = numberOption('seconds', values.seconds, { least: 2, most: 120 });

const shop = await startLoadShop(seed);
const at = new Date();
const page = path.join(projectFolder, '.shopfleet', 'load', `${at.toISOString().slice(0, 19).replaceAll(':', '')}.html`);
mkdirSync(path.dirname(page), { recursive: true });
const rows: Row[] = [];
const charts: Chart[] = [];
try {
  for (const name of chosen) {
    console.log(`\n${name} …`);
    const outcome = await scenarios[name]?.run(shop, { seconds });
    rows.push(...(outcome?.rows ?? []));
    charts.push(...(outcome?.charts ?? []));
    printTable(outcome?.rows ?? []);
    // After each, so that a run that is cut off has told what it saw.
    writeFileSync(page, reportPage(`Shopfleet under load: ${chosen.join(', ')} (seed ${seed})`, at, rows, charts));
  }
} finally {
  await shop.stop();
}
console.log(`\n${page}`);
if (rows.some(({ ok }) => ok === false)) process.exitCode = 1;
