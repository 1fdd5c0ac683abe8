import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { build, codeChangedAt, migrate } from './build.ts';
import { childrenDir, endChildren } from './children.ts';
import { seconds, type Console } from './console.ts';
import { LocalError } from './errors.ts';
import { lastWords, rotateLog } from './servers/files.ts';
import { endGatewayOrphans } from './gateway-orphans.ts';
import { gatewaySettings, gatewayUrl, startGateway, stopGateway } from './gateway.ts';
import { caFile, inspect, inspectWorker, serversDir, tlsDir } from './inspect.ts';
import { dataPath, type Instance } from './instance.ts';
import { forgetLostMigrations, isMigrated, migrationMark, noteMigrated } from './migration-mark.ts';
import { Pm2 } from './pm2.ts';
import { requireRoomForPools } from './pools.ts';
import { requireFreePorts } from './ports.ts';
import { get, isOk, until } from './probe.ts';
import { readRunFile, requireProviders, writeRunFile, type RunFile } from './run-file.ts';
import { ensureSecrets } from './secrets.ts';
import { seedOnce } from './seed.ts';
import { Accounts, connectionLimitOf, findNginx, startServers, stopServers, type Step } from './servers/index.ts';
import { builtApps } from './services.ts';
import { ensureCertificates } from './tls.ts';
import { endWatchdog } from './watchdog-process.ts';

const readyTimeoutMs = 60_000;
// Workers connect by themselves to servers that are back.
const reconnectTimeoutMs = 15_000;

export interface StackOptions {
  readonly signal: AbortSignal;
  /** Brings back what ran: nothing is compiled or migrated. */
  readonly repair: boolean;
}

/**
 * Brings a shop up, step by step; what already runs and is well is kept. Whoever calls it holds the start lock and, but
 * for a repair, stops the stack when this throws.
 */
export async function startStack(instance: Instance, console: Console, { signal, repair }: StackOptions): Promise<void> {
  requireProviders(instance);
  const pm2 = new Pm2(instance);
  const orphans = await pm2.endOrphans();
  if (orphans > 0) console.warn(`PM2's daemon was killed; ended what it left: ${orphans}`);
  const ofGateway = await endGatewayOrphans(dataPath(instance, 'nginx'));
  if (ofGateway > 0) console.warn(`nginx was killed; ended ${ofGateway} processes that it left`);
  await pm2.requireUsable();
  await requireFreePorts(instance, await busyPorts(instance));
  const report = ({ server, state, detail }: Step) => (state === 'ready' ? console.done(server, detail) : console.step(server, detail));

  forgetLostMigrations(instance);
  const secrets = ensureSecrets(dataPath(instance, 'secrets.json'));
  const accounts = new Accounts(secrets.accountsKey);
  const [servers, nginx] = await Promise.all([
    startServers({ dataDir: serversDir(instance), ports: instance.ports, report, signal, accounts }),
    findNginx(report, { ...process.env, SHOPFLEET_SERVERS: 'binary' }),
    repair ? undefined : timed(console, 'build', 'compiling the services', () => build(instance, signal)),
  ]);
  if (nginx.kind !== 'binary') throw new LocalError('nginx was found as an image only: install nginx as a program.');
  signal.throwIfAborted();

  const before = readRunFile(instance);
  const runFile = writeRunFile(instance, servers, secrets);
  if (!repair) await checkPools(runFile, console, pm2);
  if (!repair) await timed(console, 'migrations', 'indexes', () => migrateOnce(instance, runFile, signal));
  await timed(console, 'services', 'starting under PM2', () => startServices(instance, runFile, { signal, sameSettings: isDeepStrictEqual(before?.apps, readRunFile(instance)?.apps) }));
  await timed(console, 'nginx', 'gateway', async () => {
    const certificates = await ensureCertificates(tlsDir(instance), publicHosts(runFile));
    rotateLog(dataPath(instance, 'logs', 'nginx', 'access.log'));
    const how = await startGateway(nginx.path, gatewaySettings(instance, tlsDir(instance)));
    const complaint = await until(async () => complaintOf(await isOk(`${gatewayUrl(instance)}/health`, { caFile: certificates.caFile })), 15_000, signal);
    if (complaint !== undefined) throw new LocalError(`${gatewayUrl(instance)}/health does not answer (${complaint}); see ${dataPath(instance, 'logs')}.`);
    return `${how}, ${gatewayUrl(instance)}`;
  });
  if (await seedOnce(instance, runFile, signal)) console.done('data', `the ${instance.seedProfile} data set is loaded`);
  await warm(instance);
}

/** Ends everything of an instance and nothing else; fine to call when nothing runs. */
export async function stopStack(instance: Instance, console: Console, { watchdogToo = true } = {}): Promise<void> {
  if (watchdogToo) await endWatchdog(instance);
  await endChildren(childrenDir(instance));
  await endGatewayOrphans(dataPath(instance, 'nginx'));
  if (await stopGateway(dataPath(instance, 'nginx'))) console.done('nginx', 'stopped');
  const pm2 = new Pm2(instance);
  const workers = await pm2.stop();
  await pm2.endOrphans();
  if (workers > 0) console.done('services', `${workers} workers stopped`);
  await stopServers(serversDir(instance));
  console.done('servers', 'stopped');
  rmSync(dataPath(instance, 'nginx', 'temp'), { recursive: true, force: true });
}

// What runs already is not ended for it.
async function checkPools({ instances, operator }: RunFile, console: Console, pm2: Pm2): Promise<void> {
  try {
    requireRoomForPools(instances, await connectionLimitOf(operator?.['MONGODB_URL'] ?? ''));
  } catch (error) {
    if (!(error instanceof LocalError) || (await pm2.ownProcesses()).length === 0) throw error;
    console.warn(error.message);
  }
}

async function migrateOnce(instance: Instance, runFile: RunFile, signal: AbortSignal): Promise<string> {
  const mark = migrationMark(instance, runFile.apps);
  if (isMigrated(instance, mark)) return 'nothing new';
  const migrated = await migrate(instance, runFile, signal);
  noteMigrated(instance, mark);
  return migrated.join(', ');
}

async function startServices(instance: Instance, runFile: RunFile, { signal, sameSettings }: { signal: AbortSignal; sameSettings: boolean }): Promise<string> {
  const { logDir } = runFile;
  const pm2 = new Pm2(instance);
  const oldest = Math.min(...(await pm2.ownProcesses()).map(({ startedAt }) => startedAt));
  const runAsWritten = sameSettings && oldest > codeChangedAt(instance);
  const names = runAsWritten ? await unwellApps(instance, runFile, signal) : builtApps(instance).filter(({ name }) => name in runFile.apps).map(({ name }) => name);
  if (names.length === 0) return 'all of them are well';
  for (const name of names) rotateLog(`${logDir}/${name}.log`);
  // Of what ends again and again PM2 sometimes starts two when it is told to restart it.
  await pm2.remove(({ name, status }) => names.includes(name) && status !== 'online');
  await startOrCrash(pm2, logDir, names);
  const complaint = await until(async () => {
    const processes = await pm2.ownProcesses();
    const workers = await Promise.all(processes.map((process) => inspectWorker(instance, process)));
    const unready = workers.find(({ ok }) => !ok);
    const missing = names.find((name) => !processes.some((process) => process.name === name));
    if (missing !== undefined) return `PM2 did not start ${missing}`;
    return unready && `${unready.app} on port ${unready.port} is not ready (${unready.reason}); ${lastWords(`${logDir}/${unready.app}.log`)}`;
  }, readyTimeoutMs, signal);
  if (complaint !== undefined) throw new LocalError(complaint);
  const workers = await pm2.ownProcesses();
  return `${workers.length} workers ready`;
}

/** Applications that do not run, or have a worker that takes no traffic though the servers are there again. */
async function unwellApps(instance: Instance, { apps }: RunFile, signal: AbortSignal): Promise<string[]> {
  const pm2 = new Pm2(instance);
  let unwell: string[] = [];
  await until(async () => {
    const workers = await Promise.all((await pm2.ownProcesses()).map((process) => inspectWorker(instance, process)));
    unwell = builtApps(instance).map(({ name }) => name).filter((name) => name in apps && (!workers.some(({ app }) => app === name) || workers.some(({ app, ok }) => app === name && !ok)));
    const comingBack = workers.find(({ ok, status }) => !ok && status === 'online');
    return comingBack && `${comingBack.app} is not ready`;
  }, reconnectTimeoutMs, signal);
  return unwell;
}

// PM2's own start waits half a minute for each worker, also for one that ends at once, again and again.
async function startOrCrash(pm2: Pm2, logDir: string, names: readonly string[]): Promise<void> {
  // Reloads by an operator count as restarts as well.
  const before = new Map((await pm2.ownProcesses()).map(({ id, restarts }) => [id, restarts]));
  const starting = pm2.start(names);
  const finished = starting.then(() => true);
  for (;;) {
    if (await Promise.race([finished, delay(4000, false, { ref: false })])) return;
    const crashing = (await pm2.ownProcesses()).find(({ id, restarts, status }) => restarts >= (before.get(id) ?? 0) + 4 || status === 'errored');
    if (crashing === undefined) continue;
    starting.catch(() => undefined);
    throw new LocalError(`${crashing.name} ends again and again; ${lastWords(`${logDir}/${crashing.name}.log`)}`);
  }
}

// The first shopper should not pay for cold caches and unparsed code paths.
async function warm(instance: Instance): Promise<void> {
  const paths = ['/api/products', '/api/categories', '/api/deals', '/api/recommendations'];
  const requests = paths.flatMap((path) => Array.from({ length: availableParallelism() }, () => `${gatewayUrl(instance)}${path}`));
  await Promise.allSettled(requests.map((url) => get(url, { caFile: caFile(instance) })));
}

async function busyPorts(instance: Instance): Promise<Set<number>> {
  const { gateway, workers } = await inspect(instance);
  const { ports } = instance;
  const ofGateway = gateway.pid === undefined ? [] : [ports.gateway, ports.gatewayInternal];
  const ofMailbox = workers.some(({ app }) => app === 'mailbox') ? [ports.smtp] : [];
  return new Set([...ofGateway, ...ofMailbox, ...workers.map(({ port }) => port)]);
}

function publicHosts({ apps }: RunFile): string[] {
  const url = apps['auth-service']?.['PUBLIC_URL'];
  return url === undefined ? [] : [new URL(url).hostname];
}

function complaintOf({ ok, reason }: { ok: boolean; reason: string }): string | undefined {
  return ok ? undefined : reason;
}

async function timed(console: Console, subject: string, text: string, work: () => Promise<string | void>): Promise<void> {
  const begun = Date.now();
  console.step(subject, text);
  const detail = await work();
  console.done(subject, `${detail ?? 'done'} (${seconds(Date.now() - begun)})`);
}
