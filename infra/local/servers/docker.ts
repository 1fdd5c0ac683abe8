import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ServerError } from './types.ts';

const run = promisify(execFile);

export interface DockerEngine {
  readonly version: string;
  /** A rootless engine maps its root to us: no `--user` then. */
  readonly rootless: boolean;
}

let engine: Promise<DockerEngine | undefined> | undefined;

/** The Docker engine of this machine, asked once; undefined when none answers within 3 s or it is on another machine. */
export function dockerEngine(env: NodeJS.ProcessEnv = process.env): Promise<DockerEngine | undefined> {
  engine ??= askEngine(env);
  return engine;
}

async function askEngine(env: NodeJS.ProcessEnv): Promise<DockerEngine | undefined> {
  // Data folders are mounted and ports opened on the engine's machine: it has to be this one.
  if (/^(tcp|ssh|https?):/.test(env['DOCKER_HOST'] ?? '')) return undefined;
  try {
    const { stdout } = await run('docker', ['info', '--format', '{{.ServerVersion}}|{{.SecurityOptions}}'], { timeout: 3000, env });
    const [version = '', security = ''] = stdout.trim().split('|');
    return version === '' ? undefined : { version, rootless: security.includes('rootless') };
  } catch {
    return undefined;
  }
}

export async function hasImage(image: string): Promise<boolean> {
  return run('docker', ['image', 'inspect', '--format', '{{.Id}}', image], { timeout: 10_000 }).then(
    () => true,
    () => false,
  );
}

/** Fetches an image; false when the registry does not give it in time. */
export async function pullImage(image: string, seconds: number): Promise<boolean> {
  return run('docker', ['pull', '--quiet', image], { timeout: seconds * 1000 }).then(
    () => true,
    () => false,
  );
}

export interface ContainerOptions {
  readonly name: string;
  readonly server: string;
  readonly instance: string;
  readonly image: string;
  /** Mounted at the same path inside, so that settings and arguments are the same as for a binary. */
  readonly folder: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Published on loopback under the same number; `host` shares the machine's network (Linux). */
  readonly ports: readonly number[] | 'host';
  readonly logFile: string;
  readonly stopSignal?: NodeJS.Signals;
}

/** Starts a container in the background and gives its id. One of the same name is removed first. */
export async function runContainer(options: ContainerOptions): Promise<string> {
  await removeContainer(options.name);
  const engineHere = await dockerEngine();
  const user = process.getuid !== undefined && process.getgid !== undefined && engineHere?.rootless !== true ? ['--user', `${process.getuid()}:${process.getgid()}`] : [];
  const ports = options.ports === 'host' ? ['--network', 'host'] : options.ports.flatMap((port) => ['--publish', `127.0.0.1:${port}:${port}`]);
  const args = [
    ...['run', '--detach', '--name', options.name, '--pull', 'never'],
    ...['--label', `shopfleet.instance=${options.instance}`, '--label', `shopfleet.server=${options.server}`],
    ...user,
    ...ports,
    ...(options.stopSignal === undefined ? [] : ['--stop-signal', options.stopSignal]),
    ...['--volume', `${options.folder}:${options.folder}`, '--workdir', options.folder],
    ...Object.entries(options.env).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    // The official entry points change owners and user when started as root; the programs themselves do not.
    ...['--entrypoint', '/bin/sh', options.image, '-c', 'PATH=/usr/lib/rabbitmq/bin:$PATH; log=$1; shift; exec "$@" >>"$log" 2>&1', 'sh'],
    options.logFile,
    ...options.command,
  ];
  try {
    const { stdout } = await run('docker', args, { timeout: 60_000 });
    return stdout.trim();
  } catch (error) {
    await removeContainer(options.name);
    const reason = ((error as { stderr?: string }).stderr ?? String(error)).trim().split('\n').at(-1) ?? '';
    throw new ServerError(options.server, `Docker does not start ${options.image}: ${reason} (SHOPFLEET_SERVERS=binary does without Docker)`, error);
  }
}

export async function containerRuns(id: string): Promise<boolean> {
  const { stdout } = await run('docker', ['inspect', '--format', '{{.State.Running}}', id], { timeout: 10_000 }).catch(() => ({ stdout: '' }));
  return stdout.trim() === 'true';
}

/** Stops a container gracefully and removes it. */
export async function stopContainer(id: string, graceSeconds = 20): Promise<void> {
  await run('docker', ['stop', '--time', String(graceSeconds), id], { timeout: (graceSeconds + 20) * 1000 }).catch(() => undefined);
  await removeContainer(id);
}

export async function killContainer(id: string): Promise<void> {
  await run('docker', ['kill', id], { timeout: 20_000 }).catch(() => undefined);
}

export async function removeContainer(idOrName: string): Promise<void> {
  await run('docker', ['rm', '--force', '--volumes', idOrName], { timeout: 60_000 }).catch(() => undefined);
}

/** Ids of an instance's containers, running or not. */
export async function instanceContainers(instance: string, server?: string): Promise<string[]> {
  if ((await dockerEngine()) === undefined) return [];
  const filters = ['--filter', `label=shopfleet.instance=${instance}`, ...(server === undefined ? [] : ['--filter', `label=shopfleet.server=${server}`])];
  const { stdout } = await run('docker', ['ps', '--all', '--quiet', '--no-trunc', ...filters], { timeout: 10_000 }).catch(() => ({ stdout: '' }));
  return stdout.split('\n').filter((line) => line !== '');
}
