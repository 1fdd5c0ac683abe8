import { availableParallelism, totalmem } from 'node:os';
import { LocalError } from './errors.ts';

/** What a worker may take at rest (docs/claims.md, worker-memory), and how much of the machine all of them may. */
const workerBytes = 200 * 1024 * 1024;
const shareOfMemory = 0.6;

export interface Machine {
  readonly cores: number;
  readonly memoryBytes: number;
}

export const thisMachine = (): Machine => ({ cores: availableParallelism(), memoryBytes: totalmem() });

/** The services that run as clusters, with what features.md wants of each: a number, or as many as the machine bears. */
const normally = { auth: 4, product: 'max', cart: 'max', order: 4, notification: 2 } as const;
const atPeak = { ...normally, order: 16 } as const;
// A development machine also runs the servers, an editor and a browser.
const inDevelopment = { auth: 2, product: 2, cart: 2, order: 2, notification: 1 } as const;

/** Names of the clusters in PM2, as operators type them. */
export const clusterNames = Object.keys(normally).map((name) => `${name}-service`);

/**
 * Workers of each service: in development two, in production (and with CLUSTER=full) the figures of features.md, with
 * `peak` those of its Black Friday. MAX_WORKERS bounds all of them, ENABLE_CLUSTERING=false means one of each. Without
 * MAX_WORKERS no service gets more than its share of the machine's memory.
 */
export function workerCounts(environment: NodeJS.ProcessEnv, { peak = false, machine = thisMachine() }: { peak?: boolean; machine?: Machine } = {}): Record<string, number> {
  const full = environment['NODE_ENV'] === 'production' || environment['CLUSTER'] === 'full' || peak;
  const wanted = peak ? atPeak : full ? normally : { ...inDevelopment, auth: machine.cores > 2 ? 2 : 1 };
  const bound = boundOf(environment, machine);
  return Object.fromEntries(Object.entries(wanted).map(([name, count]) => [`${name}-service`, Math.min(count === 'max' ? machine.cores : count, bound)]));
}

/** What `max` means for one service: every core, within MAX_WORKERS. */
export function mostWorkers(environment: NodeJS.ProcessEnv, machine = thisMachine()): number {
  return Math.min(machine.cores, boundOf(environment, machine));
}

function boundOf(environment: NodeJS.ProcessEnv, { memoryBytes }: Machine): number {
  const clustering = environment['ENABLE_CLUSTERING'] || 'true';
  if (clustering !== 'true' && clustering !== 'false') throw new LocalError(`ENABLE_CLUSTERING must be true or false, not "${clustering}".`);
  const told = Number(environment['MAX_WORKERS'] || Number.NaN);
  if (environment['MAX_WORKERS'] && !(Number.isInteger(told) && told >= 1)) throw new LocalError(`MAX_WORKERS must be a whole number from 1 on, not "${environment['MAX_WORKERS']}".`);
  if (clustering === 'false') return 1;
  if (told >= 1) return told;
  return Math.max(1, Math.floor((memoryBytes * shareOfMemory) / workerBytes / clusterNames.length));
}
