import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { locate } from './locate.ts';
import { type Report, ServerError } from './types.ts';

const run = promisify(execFile);

/** The names of one piece of software in the package managers we know. */
export interface PackageNames {
  readonly apt: readonly string[];
  readonly brew: readonly string[];
  /** systemd units that installing the package would switch on. */
  readonly units?: readonly string[];
}

interface Request {
  readonly server: string;
  readonly names: PackageNames;
  readonly report: Report;
  readonly done: (error?: unknown) => void;
}

let waiting: Request[] = [];
let installing = false;

/**
 * Installs software by the system's package manager. Requests made at the same time become one run,
 * since the manager allows one at a time.
 * @throws ServerError that says exactly what to install where we may not do it ourselves.
 */
export function installPackages(server: string, names: PackageNames, report: Report): Promise<void> {
  return new Promise((resolve, reject) => {
    waiting.push({ server, names, report, done: (error) => (error === undefined ? resolve() : reject(error)) });
    if (!installing) {
      installing = true;
      // Servers are looked for in parallel: give the others a moment to ask as well.
      setTimeout(() => void installAll(), 300);
    }
  });
}

async function installAll(): Promise<void> {
  while (waiting.length > 0) {
    const batch = waiting;
    waiting = [];
    try {
      await installBatch(batch);
      for (const request of batch) request.done();
    } catch (error) {
      for (const request of batch) request.done(error instanceof ServerError ? error : new ServerError(request.server, describe(error), error));
    }
  }
  installing = false;
}

async function installBatch(batch: readonly Request[]): Promise<void> {
  const servers = [...new Set(batch.map((request) => request.server))].join(', ');
  const apt = [...new Set(batch.flatMap((request) => request.names.apt))];
  const brew = [...new Set(batch.flatMap((request) => request.names.brew))];
  const say = (detail: string): void => {
    for (const request of batch) request.report({ server: request.server, state: 'install', detail });
  };
  if (process.platform === 'darwin' && (await locate(['brew'])) !== undefined) {
    say(`brew install ${brew.join(' ')}`);
    await run('brew', ['install', ...brew], { timeout: 1_200_000, maxBuffer: 1 << 26 });
    return;
  }
  const wish = `install it yourself (Debian, Ubuntu: apt-get install ${apt.join(' ')}; macOS: brew install ${brew.join(' ')}), start Docker, or point to a server by ${urlVariables(batch)}`;
  if ((await locate(['apt-get'])) === undefined) throw new ServerError(servers, `not found, and there is no apt-get or brew here; ${wish}`);
  const asRoot = await rootPrefix();
  if (asRoot === undefined) throw new ServerError(servers, `not found, and installing needs root or passwordless sudo; ${wish}`);
  say(`apt-get install ${apt.join(' ')}`);
  const units = batch.flatMap((request) => request.names.units ?? []);
  await withoutServiceStarts(asRoot, units, () => aptInstall(asRoot, apt, servers));
}

function urlVariables(batch: readonly Request[]): string {
  const variables: Record<string, string> = { mongod: 'MONGODB_URL', 'redis-cache': 'REDIS_CACHE_URL', 'redis-state': 'REDIS_STATE_URL', rabbitmq: 'RABBITMQ_URL' };
  const named = batch.map((request) => variables[request.server]).filter((name) => name !== undefined);
  return named.length === 0 ? 'its path in PATH' : [...new Set(named)].join(', ');
}

async function rootPrefix(): Promise<string[] | undefined> {
  if (process.getuid?.() === 0) return [];
  return run('sudo', ['-n', 'true'], { timeout: 5000 }).then(
    () => ['sudo', '-n'],
    () => undefined,
  );
}

function asRootRun(asRoot: readonly string[], command: readonly string[], timeout: number): Promise<{ stdout: string; stderr: string }> {
  const [program = '', ...args] = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', ...command];
  return run(program, args, { timeout, maxBuffer: 1 << 26 });
}

let listsFresh = false;

async function aptInstall(asRoot: readonly string[], packages: readonly string[], servers: string): Promise<void> {
  // Another apt run may hold the lists: that lock has no wait of its own.
  for (let attempt = 1; !listsFresh; attempt += 1) {
    try {
      await asRootRun(asRoot, ['apt-get', 'update', '-qq'], 300_000);
      listsFresh = true;
    } catch (error) {
      if (!/lock/i.test(describe(error)) || attempt >= 60) break;
      await pause(3000);
    }
  }
  try {
    await asRootRun(asRoot, ['apt-get', '-o', 'DPkg::Lock::Timeout=300', 'install', '-y', '-qq', '--no-install-recommends', ...packages], 1_200_000);
  } catch (error) {
    throw new ServerError(servers, `apt-get install ${packages.join(' ')} failed: ${describe(error)}; run it by hand to see all of it`, error);
  }
}

/** Debian starts and enables services as it installs them: hold that back, and leave no trace of the holding. */
async function withoutServiceStarts(asRoot: readonly string[], units: readonly string[], work: () => Promise<void>): Promise<void> {
  // Ends its own effect should we be killed: it removes itself once our process is gone.
  const policy = `#!/bin/sh\\n# shopfleet: holds back service starts while pid ${process.pid} installs packages\\nkill -0 ${process.pid} 2>/dev/null && exit 101\\nrm -f "$0"; exit 0\\n`;
  const file = '/usr/sbin/policy-rc.d';
  const write = `if [ ! -e ${file} ] || grep -q '^# shopfleet:' ${file}; then printf '${policy}' > ${file} && chmod 755 ${file}; fi`;
  await asRootRun(asRoot, ['sh', '-c', write], 10_000);
  try {
    await work();
    if (units.length > 0 && (await locate(['systemctl'])) !== undefined) {
      await asRootRun(asRoot, ['systemctl', 'disable', '--now', '--quiet', ...units], 60_000).catch(() => undefined);
    }
  } finally {
    await asRootRun(asRoot, ['sh', '-c', `if grep -q '^# shopfleet:' ${file} 2>/dev/null; then rm -f ${file}; fi`], 10_000).catch(() => undefined);
  }
}

function describe(error: unknown): string {
  const text = (error as { stderr?: string }).stderr?.trim() || (error instanceof Error ? error.message : String(error));
  return text.split('\n').at(-1) ?? text;
}
