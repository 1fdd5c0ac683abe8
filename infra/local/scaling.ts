import { LocalError, UsageError } from './errors.ts';
import { slotsPerService } from './gateway.ts';
import type { Instance } from './instance.ts';
import { inspect, inspectWorker } from './inspect.ts';
import { Pm2 } from './pm2.ts';
import { requireRoomForPools } from './pools.ts';
import { until } from './probe.ts';
import { environmentOf, readRunFile } from './run-file.ts';
import { connectionLimitOf } from './servers/index.ts';
import { readWishes, writeWishes } from './wishes.ts';
import { clusterNames, mostWorkers } from './worker-counts.ts';

const readyTimeoutMs = 90_000;

/**
 * The number of workers that `max`, `8`, `+2` or `-1` means. PM2 itself takes no `max` and throws at `-N`.
 *
 * @throws LocalError for anything else, and beyond the slots that nginx knows
 */
export function workersAsked(text: string, present: number, most: number): number {
  const wanted = text === 'max' ? most : /^[+-]\d+$/u.test(text) ? present + Number(text) : /^\d+$/u.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(wanted)) throw new UsageError(`"${text}" is no number of workers: write max, 4, +2 or -1.`);
  if (wanted < 1) throw new LocalError(`A service keeps at least one worker; it has ${present}.`);
  if (wanted > slotsPerService) throw new LocalError(`nginx knows ${slotsPerService} slots of a service; ${wanted} workers would not all be asked.`);
  return wanted;
}

export interface Scaled {
  readonly before: number;
  readonly now: number;
}

/** Gives a service so many workers and waits until each takes traffic. @throws LocalError when one does not */
export async function scaleService(instance: Instance, name: string, asked: string, environment: NodeJS.ProcessEnv = environmentOf(instance)): Promise<Scaled> {
  if (!clusterNames.includes(name)) throw new UsageError(`"${name}" is no cluster: choose ${clusterNames.join(', ')}.`);
  const pm2 = new Pm2(instance);
  const running = await runningWorkers(pm2);
  const before = running[name] ?? 0;
  if (before === 0) throw new LocalError(`${name} does not run: npm start brings it up.`);
  const wanted = workersAsked(asked, before, mostWorkers(environment));
  if (wanted > before) await requireRoomFor(instance, { ...running, [name]: wanted });
  if (wanted !== before) {
    await pm2.scale(name, wanted);
    const wishes = readWishes(instance);
    writeWishes(instance, { ...wishes, workers: { ...wishes.workers, [name]: wanted } });
  }
  const complaint = await until(async () => {
    const workers = await Promise.all((await pm2.ownProcesses()).filter((process) => process.name === name).map((process) => inspectWorker(instance, process)));
    const unready = workers.find(({ ok }) => !ok);
    if (unready) return `worker ${unready.worker} is not ready (${unready.reason})`;
    return workers.length === wanted ? undefined : `${workers.length} of ${wanted} workers run`;
  }, readyTimeoutMs);
  if (complaint !== undefined) throw new LocalError(`${name} was scaled to ${wanted}, but ${complaint}.`);
  return { before, now: wanted };
}

/** @throws LocalError when the pools of so many workers would take too many connections of MongoDB */
export async function requireRoomFor(instance: Instance, workers: Readonly<Record<string, number>>): Promise<void> {
  const url = readRunFile(instance)?.operator?.['MONGODB_URL'];
  if (url !== undefined) requireRoomForPools(workers, await connectionLimitOf(url));
}

/** How many workers of each cluster PM2 has. */
export async function runningWorkers(pm2: Pm2): Promise<Readonly<Record<string, number>>> {
  const processes = await pm2.ownProcesses();
  return Object.fromEntries(clusterNames.map((each) => [each, processes.filter(({ name }) => name === each).length]));
}

/** How many workers of each cluster take traffic. */
export async function workersInTraffic(instance: Instance): Promise<ReadonlyMap<string, number>> {
  const { workers } = await inspect(instance);
  return new Map(clusterNames.map((name) => [name, workers.filter(({ app, ok }) => ok && app === name).length]));
}
