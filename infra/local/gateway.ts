import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism, networkInterfaces, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { LocalError } from './errors.ts';
import { dataPath, type Instance } from './instance.ts';
import { renderGateway } from './nginx/render.ts';
import { imagesDir } from './run-file.ts';
import { gatewayServices } from './nginx/services.ts';
import type { GatewaySettings, LocalLink } from './nginx/settings.ts';
import { operatorSettings } from './nginx/operator-settings.ts';
import { isRunning, startTimeOf } from './servers/processes.ts';

const run = promisify(execFile);

/** How far a service can be scaled without a new nginx configuration. */
export const slotsPerService = Math.max(20, availableParallelism());

/** Where each worker of a service may listen, for whoever reads their figures. */
export function metricsTargets({ ports }: Instance): { service: string; host: string; port: number; slots: number }[] {
  return gatewayServices.map((service) => ({ service, host: '127.0.0.1', port: ports[service], slots: slotsPerService }));
}

export function gatewayUrl(instance: Instance): string {
  return `https://localhost:${instance.ports.gateway}`;
}

/** Settings of the gateway of a shop on this machine, from the instance and a few variables of the environment. */
export function gatewaySettings(instance: Instance, tlsDir: string, environment: NodeJS.ProcessEnv = process.env): GatewaySettings {
  const production = instance.nodeEnv === 'production';
  return {
    templateDir: path.join(instance.projectDir, 'nginx'),
    runDir: dataPath(instance, 'nginx'),
    logDir: dataPath(instance, 'logs', 'nginx'),
    tlsDir,
    images: environment['IMAGES_ORIGIN'] ? { origin: environment['IMAGES_ORIGIN'] } : { folder: path.join(imagesDir(instance), 'public') },
    gatewayPort: instance.ports.gateway,
    internalPort: instance.ports.gatewayInternal,
    publicPort: instance.ports.gateway,
    listen: (environment['GATEWAY_LISTEN'] || (production ? 'all' : 'loopback')) === 'all' ? 'all' : 'loopback',
    // Tests count on one address per client.
    ipv6: instance.nodeEnv !== 'test' && Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ family }) => family === 'IPv6')),
    // Everything of a local shop runs as the person who started it; an account of nginx's own could not read their folder.
    user: process.getuid?.() === 0 ? userInfo().username : undefined,
    workers: Math.min(availableParallelism(), 8),
    openFiles: openFilesLimit(),
    ...operatorSettings(environment, production),
    cacheSize: '256m',
    upstreams: gatewayServices.map((name) => ({ name, basePort: instance.ports[name], slots: slotsPerService })),
    localLinks: production ? [] : localLinks(instance),
  };
}

/**
 * Starts nginx, or has the running one take over the present configuration.
 *
 * @throws LocalError when nginx refuses the configuration or does not come up.
 */
export async function startGateway(program: string, settings: GatewaySettings): Promise<'started' | 'reloaded'> {
  const configuration = renderGateway(settings);
  const options = ['-p', settings.runDir, '-c', configuration, '-e', path.join(settings.logDir, 'start.log')];
  await nginx(program, [...options, '-t', '-q'], settings);
  const pid = await gatewayPid(settings.runDir);
  if (pid !== undefined) {
    process.kill(pid, 'SIGHUP');
    return 'reloaded';
  }
  await nginx(program, options, settings);
  const deadline = Date.now() + 5000;
  while ((await gatewayPid(settings.runDir)) === undefined) {
    if (Date.now() > deadline) throw new LocalError(`nginx did not start; see ${path.join(settings.logDir, 'start.log')}.`);
    await delay(20);
  }
  return 'started';
}

/** Stops the nginx of this run folder: requests in flight for at most a moment, then for good. */
export async function stopGateway(runDir: string): Promise<boolean> {
  const pid = await gatewayPid(runDir);
  if (pid === undefined) return false;
  for (const [signal, graceMs] of [['SIGQUIT', 3000], ['SIGTERM', 2000], ['SIGKILL', 1000]] as const) {
    process.kill(pid, signal);
    const deadline = Date.now() + graceMs;
    while (Date.now() < deadline) {
      if (!(await isRunning({ pid }))) return true;
      await delay(30);
    }
  }
  throw new LocalError(`nginx (pid ${pid}) does not end; end it by hand: kill -9 ${pid}`);
}

/** The master process of this run folder, if it lives; a reused pid of something else does not count. */
export async function gatewayPid(runDir: string): Promise<number | undefined> {
  const pid = Number(await textOf(path.join(runDir, 'nginx.pid')));
  if (!Number.isInteger(pid) || pid < 2 || (await startTimeOf(pid)) === undefined) return undefined;
  return (await commandLine(pid)).includes(path.join(runDir, 'nginx.conf')) ? pid : undefined;
}

// It may end, or be ended, at any moment in between.
const textOf = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');

async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') return (await textOf(`/proc/${pid}/cmdline`)).replaceAll('\0', ' ');
  const { stdout } = await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout;
}

async function nginx(program: string, args: readonly string[], settings: GatewaySettings): Promise<void> {
  try {
    await run(program, args, { cwd: settings.runDir, timeout: 15_000, env: { PATH: process.env['PATH'] ?? '' } });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    const reason = said.split('\n').find((line) => /\[(emerg|alert|crit)\]/u.test(line)) ?? said.split('\n').at(-1) ?? 'no reason given';
    throw new LocalError(`nginx refuses its configuration: ${reason.replace(/^.*\] (\d+#\d+: )?/u, '')}`, { cause: error });
  }
}

function localLinks(instance: Instance): LocalLink[] {
  return [
    { href: `http://localhost:${instance.ports.mailbox}`, title: 'Mailbox', text: 'every mail the shop sends' },
    { href: `http://localhost:${instance.ports.rabbitmqManagement}`, title: 'RabbitMQ', text: 'queues and messages' },
  ];
}

// Unprivileged processes cannot raise the hard limit; asking for more only fills nginx's log with alerts.
function openFilesLimit(): number {
  const wanted = 16_384;
  if (process.platform !== 'linux') return 4096;
  const hard = /^Max open files\s+\S+\s+(\d+)/mu.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return hard === undefined ? wanted : Math.min(wanted, Number(hard));
}
