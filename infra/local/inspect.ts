import { existsSync } from 'node:fs';
import { gatewayPid, gatewayUrl } from './gateway.ts';
import { dataPath, type Instance } from './instance.ts';
import { Pm2, type Pm2Process } from './pm2.ts';
import { isOk } from './probe.ts';
import { readRunFile } from './run-file.ts';
import { runningServer, serverNames } from './servers/index.ts';
import { appSpecs, type AppSpec } from './services.ts';

export interface ServerState {
  readonly name: string;
  readonly ok: boolean;
  readonly kind?: string;
  readonly port?: number;
  readonly pid?: number;
}

export interface WorkerState {
  readonly app: string;
  readonly worker: number;
  readonly port: number;
  readonly pid: number;
  readonly status: string;
  readonly restarts: number;
  readonly memoryBytes: number;
  readonly ok: boolean;
  readonly reason: string;
}

/** All there is to know of a running (or not running) shop. */
export interface ShopState {
  readonly instance: string;
  readonly ok: boolean;
  /** Nothing of it runs. */
  readonly down: boolean;
  readonly gateway: { readonly ok: boolean; readonly url: string; readonly pid?: number; readonly reason: string };
  readonly servers: readonly ServerState[];
  readonly workers: readonly WorkerState[];
  /** Applications without a single worker. */
  readonly missing: readonly string[];
}

/** Where an instance keeps the data of its servers. */
export const serversDir = (instance: Instance): string => dataPath(instance, 'servers');
export const tlsDir = (instance: Instance): string => dataPath(instance, 'tls');
export const caFile = (instance: Instance): string => dataPath(instance, 'tls', 'ca.pem');

/** Looks at servers, workers and gateway, changing nothing. */
export async function inspect(instance: Instance): Promise<ShopState> {
  const [servers, processes, gateway] = await Promise.all([inspectServers(instance), new Pm2(instance).ownProcesses(), inspectGateway(instance)]);
  const workers = await Promise.all(processes.flatMap((process) => inspectWorker(instance, process)));
  // In production there are no stand-ins for the providers of mail and payment.
  const wanted = readRunFile(instance)?.apps;
  const missing = appSpecs.filter(({ name }) => (wanted === undefined || name in wanted) && !workers.some(({ app }) => app === name)).map(({ name }) => name);
  return {
    instance: instance.name,
    ok: gateway.ok && servers.every(({ ok }) => ok) && workers.every(({ ok }) => ok) && missing.length === 0,
    down: gateway.pid === undefined && workers.length === 0 && servers.every(({ ok, kind }) => !ok || kind === 'env'),
    gateway,
    servers,
    workers: workers.sort((a, b) => a.port - b.port),
    missing,
  };
}

async function inspectServers(instance: Instance): Promise<ServerState[]> {
  return Promise.all(
    serverNames.map(async (name) => {
      const server = await runningServer(serversDir(instance), name);
      if (server) return { name, ok: true, kind: server.kind, port: server.port, ...(server.pid === undefined ? {} : { pid: server.pid }) };
      return { name, ok: isGivenByUrl(instance, name), ...(isGivenByUrl(instance, name) ? { kind: 'env' } : {}) };
    }),
  );
}

// A server of somebody else's leaves no record here; that the services are ready says that it answers.
function isGivenByUrl(instance: Instance, name: string): boolean {
  return readRunFile(instance)?.givenServers.includes(name) ?? false;
}

/** One worker of PM2's list, asked whether it may get traffic. */
export async function inspectWorker(instance: Instance, process: Pm2Process): Promise<WorkerState> {
  const spec = appSpecs.find(({ name }) => name === process.name);
  const port = spec ? portOf(instance, spec, process.worker) : 0;
  const online = process.status === 'online';
  const answer = online && spec ? await isOk(`http://127.0.0.1:${port}${spec.readyPath}`) : { ok: false, reason: process.status };
  const { name, worker, pid, status, restarts, memoryBytes } = process;
  return { app: name, worker, port, pid, status, restarts, memoryBytes, ...answer };
}

function portOf(instance: Instance, spec: AppSpec, worker: number): number {
  return spec.port(instance) + (spec.clustered ? worker : 0);
}

async function inspectGateway(instance: Instance): Promise<ShopState['gateway']> {
  const url = gatewayUrl(instance);
  const pid = await gatewayPid(dataPath(instance, 'nginx'));
  if (pid === undefined || !existsSync(caFile(instance))) return { ok: false, url, reason: 'nginx does not run' };
  return { url, pid, ...(await isOk(`${url}/health`, { caFile: caFile(instance) })) };
}
