import { appendFileSync } from 'node:fs';
import { availableParallelism, userInfo } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { dataPath, metricsTargets, numberOption, resolveInstance, scaleService, slotsPerService, commandLine, UsageError } from '@shopfleet/local';
import { scrape, vitalsOf } from '@shopfleet/vitals';
import { Autoscaler, downRules, upRules } from './src/autoscaler.ts';

const cores = String(Math.max(2, availableParallelism()));
const { values } = commandLine({
  command: 'autoscaler',
  help: `npm run autoscaler -- [--dry-run] [--min 2] [--max ${cores}] [--every 15] [--hurry 1] [--minutes N]
  Looks at all workers every so many seconds and scales services by PM2, between --min and --max (default: the cores; ${slotsPerService} at most).
  Up when any of: ${upRules.map(({ name }) => name).join('; ')}.
  Down by one when all of: ${downRules.map(({ name }) => name).join('; ')}.
  After a change a service rests for 3 min. --dry-run only says what it would do. --hurry 20 makes every minute 3 s, to see it work.
  Each change is a line of logs/autoscaler.log.`,
  options: {
    'dry-run': { type: 'boolean' }, min: { type: 'string', default: '2' }, max: { type: 'string', default: cores },
    every: { type: 'string', default: '15' }, hurry: { type: 'string', default: '1' }, minutes: { type: 'string' },
  },
});
const least = numberOption('min', values.min, { least: 1, most: slotsPerService });
const most = numberOption('max', values.max, { least: 1, most: slotsPerService });
if (most < least) throw new UsageError(`--max ${most} is less than --min ${least}.`);
const every = numberOption('every', values.every, { least: 1, most: 3_600 });
const hurry = numberOption('hurry', values.hurry, { least: 1, most: 1_000 });
const end = values.minutes === undefined ? Infinity : Date.now() + numberOption('minutes', values.minutes, { least: 0.01, most: 100_000, whole: false }) * 60_000;

const instance = resolveInstance();
const audit = dataPath(instance, 'logs', 'autoscaler.log');
const targets = metricsTargets(instance);
const scaler = new Autoscaler({ least, most, restMinutes: 3, hurry });
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());

let before = await scrape(targets);
if (before.workers.length === 0) console.error('No worker answers yet: npm start brings the shop up.');
while (!stopping.signal.aborted && Date.now() < end) {
  await delay(every * 1_000, undefined, { signal: stopping.signal }).catch(() => undefined);
  if (stopping.signal.aborted) break;
  const after = await scrape(targets);
  for (const decision of scaler.decide(vitalsOf(before, after), after.at)) await carryOut(decision);
  before = after;
}

async function carryOut({ service, from, to, because }: { service: string; from: number; to: number; because: string }): Promise<void> {
  const name = `${service}-service`;
  const dryRun = values['dry-run'] === true;
  const outcome = dryRun ? 'dry run' : await scaleService(instance, name, String(to)).then(({ now }) => `${now} workers ready`, (error: unknown) => `failed: ${error instanceof Error ? error.message : String(error)}`);
  const line = { level: 'info', time: new Date().toISOString(), service: 'autoscaler', actor: userInfo().username, action: 'scale', target: name, from, to, because, outcome, msg: `${name} ${from} → ${to}: ${because} (${outcome})` };
  appendFileSync(audit, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  console.log(`${line.time.slice(11, 19)} ${line.msg}`);
}
