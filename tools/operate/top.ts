import { setTimeout as delay } from 'node:timers/promises';
import { metricsTargets, numberOption, resolveInstance, commandLine } from '@shopfleet/local';
import { healthOf, scrape, vitalsOf } from '@shopfleet/vitals';
import { topTable } from './src/top-table.ts';

const { values } = commandLine({
  command: 'top',
  help: 'npm run top -- [--once] [--json] [--every 2]\n  Services, workers, rates, latency, queues and health of the running shop, until Ctrl-C.',
  options: { once: { type: 'boolean' }, json: { type: 'boolean' }, every: { type: 'string', default: '2' } },
});
const everyMs = numberOption('every', values.every, { least: 0.2, most: 3_600, whole: false }) * 1_000;
const targets = metricsTargets(resolveInstance());
let before = await scrape(targets);
if (before.workers.length === 0) {
  console.error('No worker answers: npm start brings the shop up.');
  process.exit(1);
}
do {
  await delay(everyMs);
  const after = await scrape(targets);
  const vitals = vitalsOf(before, after);
  const health = healthOf(vitals);
  if (values.json) console.log(JSON.stringify({ at: new Date(after.at).toISOString(), health, vitals }));
  else console.log(`${process.stdout.isTTY && !values.once ? '\u001b[2J\u001b[H' : ''}${topTable(vitals, health).join('\n')}`);
  before = after;
} while (!values.once);
