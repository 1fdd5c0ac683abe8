import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { containerRuns, instanceContainers, killContainer, removeContainer, runContainer, stopContainer } from './docker.ts';
import type { Program } from './find.ts';
import { requireFreePort } from './ports.ts';
import { endProcess, instanceVariable, isRunning, killProcess, markedProcesses, serverVariable, spawnDetached } from './processes.ts';
import { type Report, type RunningServer, ServerError } from './types.ts';

export interface LaunchSpec {
  readonly server: string;
  readonly program: Program;
  /** Name of the program inside an image. */
  readonly imageCommand: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly dataDir: string;
  /** Listeners to check before the start; the first is the server's own port. */
  readonly ports: readonly { readonly port: number; readonly published?: boolean }[];
  /** The variable that moves these ports; SHOPFLEET_PORT_OFFSET where absent. */
  readonly portVariable?: string | undefined;
  /** Containers share the machine's network (Linux), as a proxy in front of its processes must. */
  readonly hostNetwork?: boolean;
  readonly url: string;
  readonly managementUrl?: string;
  /** Fingerprint of its accounts, where it has them. */
  readonly accounts?: string | undefined;
  /** Resolves when the server does its work; asked again and again until `readyTimeoutMs`. */
  readonly ready: () => Promise<void>;
  readonly readyTimeoutMs?: number;
  readonly stopSignal?: NodeJS.Signals;
  readonly report: Report;
  readonly signal?: AbortSignal | undefined;
}

/** Short name of an instance: the hash of its data folder. */
export function instanceOf(dataDir: string): string {
  return createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 12);
}

/** The folder of one server's data, settings and record. */
export function serverFolder(dataDir: string, server: string): string {
  return join(resolve(dataDir), server);
}

/**
 * Starts one server detached, waits until it is ready and writes down what runs, so that a later start or stop finds it
 * even when this process is killed. What such a start left behind is ended first.
 * @throws ServerError on a taken port, an early end or silence; nothing of this server then runs.
 */
export async function startServer(spec: LaunchSpec): Promise<RunningServer> {
  const folder = serverFolder(spec.dataDir, spec.server);
  await mkdir(folder, { recursive: true });
  await endLeftovers(spec.dataDir, spec.server);
  for (const { port, published } of spec.ports) {
    if (spec.program.kind === 'binary' || spec.hostNetwork === true || published !== false) await requireFreePort(spec.server, port, spec.portVariable);
  }
  const begun = Date.now();
  const running = await launch(spec, folder);
  await writeRecord(folder, running);
  try {
    await waitUntilReady(spec, running);
  } catch (error) {
    await stopServer(running);
    await endLeftovers(spec.dataDir, spec.server);
    throw error;
  }
  spec.report({ server: spec.server, state: 'ready', detail: `port ${running.port}, ${((Date.now() - begun) / 1000).toFixed(1)} s` });
  return running;
}

async function launch(spec: LaunchSpec, folder: string): Promise<RunningServer> {
  const instance = instanceOf(spec.dataDir);
  const logFile = join(folder, `${spec.server}.log`);
  await boundLog(logFile);
  const port = spec.ports[0]?.port ?? 0;
  const common = {
    name: spec.server,
    url: spec.url,
    port,
    logFile,
    folder,
    ...(spec.managementUrl === undefined ? {} : { managementUrl: spec.managementUrl }),
    ...(spec.accounts === undefined ? {} : { accounts: spec.accounts }),
    ...(spec.stopSignal === undefined ? {} : { stopSignal: spec.stopSignal }),
  };
  const marks = { [instanceVariable]: instance, [serverVariable]: spec.server };
  if (spec.program.kind === 'docker') {
    spec.report({ server: spec.server, state: 'start', detail: `Docker image ${spec.program.image}` });
    const containerId = await runContainer({
      name: `shopfleet-${instance}-${spec.server}`,
      server: spec.server,
      instance,
      image: spec.program.image,
      folder,
      command: [spec.imageCommand, ...spec.args],
      env: { ...marks, ...spec.env },
      ports: spec.hostNetwork === true ? 'host' : spec.ports.filter((entry) => entry.published !== false).map((entry) => entry.port),
      logFile,
      ...(spec.stopSignal === undefined ? {} : { stopSignal: spec.stopSignal }),
    });
    return { ...common, kind: 'docker', containerId, program: spec.program.image };
  }
  spec.report({ server: spec.server, state: 'start', detail: spec.program.path });
  const ref = await spawnDetached({ command: spec.program.path, args: spec.args, cwd: folder, env: { ...process.env, ...spec.env, ...marks }, logFile });
  return { ...common, kind: 'binary', ...ref, program: spec.program.path };
}

async function waitUntilReady(spec: LaunchSpec, running: RunningServer): Promise<void> {
  const deadline = Date.now() + (spec.readyTimeoutMs ?? 60_000);
  let last: unknown;
  while (Date.now() < deadline) {
    spec.signal?.throwIfAborted();
    try {
      await spec.ready();
      return;
    } catch (error) {
      last = error;
    }
    if (!(await isAlive(running))) {
      throw new ServerError(spec.server, `ended right after its start; its last words: "${await lastWords(running.logFile)}" (all of them in ${running.logFile})`, last);
    }
    await pause(100);
  }
  throw new ServerError(spec.server, `runs but did not become ready: ${last instanceof Error ? last.message : String(last)} (log: ${running.logFile})`, last);
}

/** Whether the server's own process or container lives. A server given by its URL is taken to live: see `probe`. */
export async function isAlive(server: RunningServer): Promise<boolean> {
  if (server.kind === 'env') return true;
  if (server.kind === 'docker') return server.containerId !== undefined && containerRuns(server.containerId);
  return server.pid !== undefined && isRunning({ pid: server.pid, ...(server.startTime === undefined ? {} : { startTime: server.startTime }) });
}

/** Ends a server that we started, gracefully where it answers in time; one given by its URL is left alone. */
export async function stopServer(server: RunningServer): Promise<void> {
  await end(server, 'stop');
  if (server.folder !== undefined) await rm(recordFile(server.folder), { force: true });
}

/** Ends a server as a power cut would: SIGKILL. Its data stays; `startServers` brings it back. */
export async function killServer(server: RunningServer): Promise<void> {
  await end(server, 'kill');
}

async function end(server: RunningServer, how: 'stop' | 'kill'): Promise<void> {
  if (server.kind === 'docker' && server.containerId !== undefined) {
    await (how === 'stop' ? stopContainer(server.containerId) : killContainer(server.containerId));
  }
  if (server.kind === 'binary' && server.pid !== undefined) {
    const ref = { pid: server.pid, ...(server.startTime === undefined ? {} : { startTime: server.startTime }) };
    await (how === 'stop' ? endProcess(ref, server.stopSignal) : killProcess(ref));
    // Erlang's port mapper leaves its parent's group.
    if (server.folder !== undefined) await Promise.all((await markedProcesses(instanceOf(join(server.folder, '..')), server.name)).map((left) => killProcess(left)));
  }
}

/** Ends what an earlier start of this instance left running, written down or not. */
export async function endLeftovers(dataDir: string, server?: string): Promise<void> {
  const instance = instanceOf(dataDir);
  if (server !== undefined) {
    const record = await readRecord(serverFolder(dataDir, server));
    if (record !== undefined) await stopServer(record);
  }
  await Promise.all([
    ...(await instanceContainers(instance, server)).map((id) => removeContainer(id)),
    ...(await markedProcesses(instance, server)).map((ref) => endProcess(ref)),
  ]);
}

/** Ends the servers of a data folder without any grace: for data that is thrown away. */
export async function discardServers(dataDir: string, servers: readonly string[]): Promise<void> {
  const instance = instanceOf(dataDir);
  const records = await Promise.all(servers.map((server) => readRecord(serverFolder(dataDir, server))));
  await Promise.all(records.flatMap((record) => (record === undefined ? [] : [killServer(record)])));
  await Promise.all([...(await instanceContainers(instance)).map((id) => removeContainer(id)), ...(await markedProcesses(instance)).map((ref) => killProcess(ref))]);
}

/** What was last started in a folder, as written down then; whether it still lives is another question. */
export async function readRecord(folder: string): Promise<RunningServer | undefined> {
  const text = await readFile(recordFile(folder), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as RunningServer);
}

async function writeRecord(folder: string, running: RunningServer): Promise<void> {
  const file = recordFile(folder);
  await writeFile(`${file}.new`, `${JSON.stringify(running, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

function recordFile(folder: string): string {
  return join(folder, 'running.json');
}

/** A log that grew over many days is begun anew. */
async function boundLog(logFile: string): Promise<void> {
  const size = await stat(logFile).then((info) => info.size).catch(() => 0);
  if (size > 20_000_000) await truncate(logFile);
}

async function lastWords(logFile: string): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  const lines = text.trim().split('\n').filter((line) => line.trim() !== '');
  const telling = lines.slice(-40).findLast((line) => /error|fatal|fail|abort|denied/i.test(line));
  return (telling ?? lines.at(-1) ?? 'none').trim().slice(0, 300);
}
