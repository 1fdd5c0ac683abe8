import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFile, readdir, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { ServerError, type ServerPorts } from './types.ts';

const run = promisify(execFile);

const portKeys: readonly (keyof ServerPorts)[] = ['mongod', 'redisCache', 'redisState', 'rabbitmq', 'rabbitmqManagement', 'rabbitmqDistribution', 'rabbitmqPortMapper'];

// Below the ports that systems give to outgoing connections (Linux: 32768 to 60999). Otherwise a connection of anybody may
// take the port of a server that was killed for a moment, and it could not come back. Tests with ports of their own keep out of these:
// nginx takes whoever listens on a worker's port for the worker.
const testPorts = { from: 20_000, below: 32_000 } as const;

/** Ports that nothing listens on at this moment, for tests. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  for (let tries = 0; ports.size < count; tries += 1) {
    if (tries === 1_000) throw new Error(`of a thousand ports from ${testPorts.from} to ${testPorts.below} not ${count} are free`);
    const port = randomInt(testPorts.from, testPorts.below);
    if (!ports.has(port) && (await listenError('127.0.0.1', port)) === undefined) ports.add(port);
  }
  return [...ports];
}

/** Ports for a whole set of servers, none of them in use. */
export async function freeServerPorts(): Promise<ServerPorts> {
  const ports = await freePorts(portKeys.length);
  return Object.fromEntries(portKeys.map((key, index) => [key, ports[index]])) as unknown as ServerPorts;
}

/** @throws ServerError that names the port, who holds it where that can be seen, and the variable that moves it. */
export async function requireFreePort(server: string, port: number, variable = 'SHOPFLEET_PORT_OFFSET'): Promise<void> {
  // Linux refuses 127.0.0.1 when someone holds every address; macOS does not, so ask for both there.
  for (const host of process.platform === 'linux' ? ['127.0.0.1'] : ['127.0.0.1', '0.0.0.0']) {
    const code = await listenError(host, port);
    if (code === undefined) continue;
    if (code === 'EADDRINUSE') {
      const holder = await portHolder(port);
      throw new ServerError(server, `port ${port} is taken${holder === undefined ? '' : ` by ${holder}`}; stop that, or move ours by ${variable}`);
    }
    throw new ServerError(server, `port ${port} cannot be opened (${code}); move it by ${variable}`);
  }
}

async function listenError(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** Who listens on a port, as "name (pid n)"; undefined where the system does not tell. */
export async function portHolder(port: number): Promise<string | undefined> {
  const listener = await listenerOn(port);
  return listener && `${listener.name} (pid ${listener.pid})`;
}

export interface Listener {
  readonly name: string;
  readonly pid: number;
}

/** The process that listens on a port; undefined where the system does not tell. */
export async function listenerOn(port: number): Promise<Listener | undefined> {
  try {
    if (process.platform === 'linux') return await linuxListener(port);
    const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], { timeout: 3000 });
    const pid = /^p(\d+)$/m.exec(stdout)?.[1];
    return pid === undefined ? undefined : { name: /^c(.+)$/m.exec(stdout)?.[1] ?? 'a process', pid: Number(pid) };
  } catch {
    return undefined;
  }
}

async function linuxListener(port: number): Promise<Listener | undefined> {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of (await readFile(table, 'utf8').catch(() => '')).split('\n')) {
      const columns = line.trim().split(/\s+/);
      const listening = columns[3] === '0A' && columns[1]?.endsWith(`:${hexPort}`);
      if (listening && columns[9] !== undefined) inodes.add(`socket:[${columns[9]}]`);
    }
  }
  if (inodes.size === 0) return undefined;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      if (inodes.has(target)) return { name: (await readFile(`/proc/${pid}/comm`, 'utf8')).trim(), pid: Number(pid) };
    }
  }
  return undefined;
}
