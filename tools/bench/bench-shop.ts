import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { dataPath, resolveInstance, writeWishes, type Instance } from '@shopfleet/local';
import { operatorEnvironment, readRunFile, type Environment } from '@shopfleet/local';
import { MongoClient } from 'mongodb';

/** The shop that is measured: limits raised for loopback, every check in place, payments answered at once. */
export interface BenchShop {
  readonly instance: Instance;
  readonly url: string;
  readonly ca: Buffer;
  readonly caFile: string;
  /** For commands on this shop, as operators run them (`node infra/local/cli.ts …`). */
  readonly environment: NodeJS.ProcessEnv;
  /** Environment of an application, such as `order-service`, with the operator's accounts: measurements look everywhere. */
  readonly environmentOf: (app: string) => Environment;
  /** Options that PM2 gives to Node for an application, so that a worker beside the shop is as those in it. */
  readonly nodeArgsOf: (app: string) => readonly string[];
  readonly stop: () => Promise<void>;
}

export interface BenchOptions {
  /** Checkouts in one round. */
  readonly orders: number;
  /** Length of one load run, in seconds. */
  readonly seconds: number;
  /** Carts to fill redis-state with. */
  readonly carts: number;
  /** To send at least while the shop is operated. */
  readonly requests: number;
}

const environment = {
  ...process.env,
  SHOPFLEET_INSTANCE: 'bench',
  SHOPFLEET_PORT_OFFSET: process.env['SHOPFLEET_PORT_OFFSET'] ?? '4000',
  SHOPFLEET_SEED: 'demo',
  LOADTEST_CIDR: '127.0.0.0/8',
  PAYMENT_LATENCY_MS: '0',
  LOG_LEVEL: 'warn',
  ESCALATION_EMAIL: 'escalation@example.com',
};
const cli = fileURLToPath(new URL('../../infra/local/cli.ts', import.meta.url));

/** Starts the shop (its data is kept from run to run, its scaling is not) and resolves when it is ready. */
export async function startBenchShop(): Promise<BenchShop> {
  const instance = resolveInstance(environment);
  // What a run that was broken off has left.
  writeWishes(instance, { workers: {}, peak: false });
  await run('start');
  const caFile = dataPath(instance, 'tls', 'ca.pem');
  await picturesDone(readRunFile(instance)?.apps['product-service']?.['MONGODB_URI'] ?? '', 300);
  return {
    instance,
    url: `https://localhost:${instance.ports.gateway}`,
    ca: readFileSync(caFile),
    caFile,
    environment,
    environmentOf: (app) => {
      const runFile = readRunFile(instance);
      if (!runFile?.apps[app]) throw new Error(`the run file of the shop has no ${app}`);
      const malloc = Object.fromEntries(Object.entries(underPm2(instance, app).env).filter(([name]) => name.startsWith('MALLOC_')));
      return { ...operatorEnvironment(runFile, app), ...malloc };
    },
    nodeArgsOf: (app) => underPm2(instance, app).node_args,
    stop: () => run('stop'),
  };
}

/** Waits until every picture has its renditions: those of the data set are made in the first minute of a new shop. */
export async function picturesDone(mongoUri: string, seconds: number): Promise<void> {
  const client = await MongoClient.connect(mongoUri);
  try {
    for (const deadline = Date.now() + seconds * 1_000; ; await delay(500)) {
      const left = await client.db().collection('image_jobs').countDocuments({ state: { $in: ['queued', 'processing'] } });
      if (left === 0) return;
      if (Date.now() > deadline) throw new Error(`${left} pictures are not done after ${seconds} s`);
    }
  } finally {
    await client.close();
  }
}

function run(command: 'start' | 'stop'): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, command], { env: environment, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`the shop did not ${command} (exit code ${code})`))));
  });
}

interface Pm2App {
  readonly name: string;
  readonly node_args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

function underPm2(instance: Instance, app: string): Pm2App {
  process.env['SHOPFLEET_RUN_FILE'] = dataPath(instance, 'run', 'services.json');
  const { apps } = createRequire(import.meta.url)('../../ecosystem.config.js') as { apps: readonly Pm2App[] };
  const found = apps.find(({ name }) => name === app);
  if (!found) throw new Error(`ecosystem.config.js has no ${app}`);
  return found;
}
