import { type FindOptions, findProgram, type Program } from './find.ts';
import { endLeftovers, isAlive, killServer, readRecord, serverFolder, startServer, stopServer } from './launch.ts';
import { dockerEngine, hasImage } from './docker.ts';
import { becomePrimary, connectionLimitOf, mongodProgram, mongodUrl, probeMongod, startMongod } from './mongod.ts';
import { freePorts, freeServerPorts, portHolder, requireFreePort } from './ports.ts';
import { probeAmqp } from './amqp-probe.ts';
import { rabbitmqLines, rabbitmqManagementUrl, rabbitmqProgram, rabbitmqUrl, startRabbitmq } from './rabbitmq.ts';
import { probeRedis, redisLines, redisProgram, redisUrl, startRedis } from './redis.ts';
import { readSettings } from './settings.ts';
import { type RunningServer, ServerError, type ServerName, serverNames, type ServerPlan } from './types.ts';

export { type AccountName, Accounts, operatorName, serviceAccounts, urlFor } from './accounts.ts';
export { nodeProgram, startReaper } from './reaper-client.ts';
export { findNginx } from './nginx.ts';
export { buildGoProgram, type GoProgram, type RunningGoProgram, startGoProgram } from './go-program.ts';
export { type Program } from './find.ts';
export { instanceOf, type LaunchSpec } from './launch.ts';
export { projectFolder, programFolder } from './locate.ts';
export { withLock } from './lock.ts';
export { connectionLimitOf };
export { endLeftovers, freePorts, freeServerPorts, isAlive, killServer, portHolder, requireFreePort, startServer, stopServer };
export { type Report, type RunningServer, ServerError, type ServerKind, type ServerName, serverNames, type ServerPlan, type ServerPorts, type Step } from './types.ts';

/** Docker as this folder sees it. */
export const docker = { engine: dockerEngine, hasImage };

/** Settings and pings of each kind of server, for whoever starts them in another way (testcontainers). */
export const settings = { readSettings, mongodUrl, becomePrimary, redisUrl, redisLines, probeRedis, rabbitmqUrl, rabbitmqManagementUrl, rabbitmqLines, probeAmqp };

/** How to reach a server that somebody else runs. */
const urlVariables: Readonly<Record<ServerName, { variable: string; probe: (url: string) => Promise<void>; port: number }>> = {
  mongod: { variable: 'MONGODB_URL', probe: probeMongod, port: 27017 },
  'redis-cache': { variable: 'REDIS_CACHE_URL', probe: probeRedis, port: 6379 },
  'redis-state': { variable: 'REDIS_STATE_URL', probe: probeRedis, port: 6379 },
  rabbitmq: { variable: 'RABBITMQ_URL', probe: probeAmqp, port: 5672 },
};

/**
 * Finds and starts servers, all at the same time, and gives them in the order of `serverNames`. One that already runs
 * for this data folder and answers is kept; a URL in the environment is used as it is.
 * @throws ServerError of the first that fails; those that this call started are stopped again.
 * @example
 * const servers = await startServers({ dataDir: '/tmp/shop', ports: await freeServerPorts(), report: console.log });
 */
export async function startServers(plan: ServerPlan): Promise<RunningServer[]> {
  const names = serverNames.filter((name) => plan.only === undefined || plan.only.includes(name));
  const results = await Promise.allSettled(names.map((name) => provide(name, plan)));
  const failure = results.find((result) => result.status === 'rejected');
  const provided = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (failure !== undefined) {
    await Promise.all(provided.filter((entry) => entry.started).map((entry) => stopServer(entry.server)));
    throw failure.reason;
  }
  return provided.map((entry) => entry.server);
}

async function provide(name: ServerName, plan: ServerPlan): Promise<{ server: RunningServer; started: boolean }> {
  const env = plan.env ?? process.env;
  const given = await givenServer(name, env);
  if (given !== undefined) {
    plan.report({ server: name, state: 'ready', detail: `given by ${urlVariables[name].variable}` });
    return { server: given, started: false };
  }
  const running = await runningServer(plan.dataDir, name);
  if (running !== undefined && (running.accounts === plan.accounts?.fingerprint || !hasAccounts(name))) {
    plan.report({ server: name, state: 'ready', detail: `already runs on port ${running.port}` });
    return { server: running, started: false };
  }
  plan.report({ server: name, state: 'find', detail: 'looking for it' });
  const options: FindOptions = { report: plan.report, env, folder: serverFolder(plan.dataDir, name) };
  const program = await findProgram(programOf(name), options);
  plan.signal?.throwIfAborted();
  return { server: await start(name, plan, program), started: true };
}

// Redis has none. A server that was started with other accounts, or before there were any, is started anew.
function hasAccounts(name: ServerName): boolean {
  return name === 'mongod' || name === 'rabbitmq';
}

function programOf(name: ServerName): typeof mongodProgram {
  if (name === 'mongod') return mongodProgram;
  return name === 'rabbitmq' ? rabbitmqProgram : redisProgram(name);
}

function start(name: ServerName, plan: ServerPlan, program: Program): Promise<RunningServer> {
  if (name === 'mongod') return startMongod(plan, program);
  return name === 'rabbitmq' ? startRabbitmq(plan, program) : startRedis(name, plan, program);
}

async function givenServer(name: ServerName, env: NodeJS.ProcessEnv): Promise<RunningServer | undefined> {
  const { variable, probe: answers, port } = urlVariables[name];
  const url = env[variable];
  if (url === undefined || url === '') return undefined;
  if (!URL.canParse(url)) throw new ServerError(name, `${variable} is no URL; correct it, or unset it to have a server started`);
  await answers(url).catch((error: unknown) => {
    throw new ServerError(name, `the server of ${variable} does not answer (${error instanceof Error ? error.message : String(error)}); start it, or unset the variable to have one started`, error);
  });
  const managementUrl = name === 'rabbitmq' ? env['RABBITMQ_MANAGEMENT_URL'] : undefined;
  return { name, kind: 'env', url, port: Number(new URL(url).port || port), logFile: '', ...(managementUrl ? { managementUrl } : {}) };
}

/** The server that runs for a data folder and answers, if there is one. */
export async function runningServer(dataDir: string, name: string): Promise<RunningServer | undefined> {
  const record = await readRecord(serverFolder(dataDir, name));
  if (record === undefined || !(await isAlive(record))) return undefined;
  return probe(record).then(
    () => record,
    () => undefined,
  );
}

/** A real ping in the server's own protocol. @throws when it does not answer as it should. */
export async function probe(server: RunningServer): Promise<void> {
  const known = (urlVariables as Partial<Record<string, (typeof urlVariables)[ServerName]>>)[server.name];
  if (known !== undefined) return known.probe(server.url);
  const response = await fetch(server.url, { signal: AbortSignal.timeout(3000) });
  await response.body?.cancel();
}

/** Ends every server of a data folder, also those that a killed start left behind. */
export async function stopServers(dataDir: string): Promise<void> {
  await Promise.all(serverNames.map((name) => endLeftovers(dataDir, name)));
}
