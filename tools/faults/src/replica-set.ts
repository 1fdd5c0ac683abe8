import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, killServer, locate, programFolder, projectFolder, startReaper, startServer, type LaunchSpec, type RunningServer } from '@shopfleet/local';
import { eventually } from '@shopfleet/testing';
import { MongoClient } from 'mongodb';

/** A MongoDB of three, as production has it. */
export interface ReplicaSet {
  readonly url: string;
  /** kill -9 of whichever leads; resolves with its port. */
  killPrimary(): Promise<number>;
  /** When one of the others leads. */
  newPrimary(): Promise<void>;
  restart(port: number): Promise<void>;
  stop(): Promise<void>;
}

/** Three members on free ports, with the settings of the shop's own. */
export async function startReplicaSet(): Promise<ReplicaSet> {
  const path = await locate(['mongod'], [programFolder]);
  if (path === undefined) throw new Error('mongod is not on PATH: npm start once fetches it');
  const dataDir = await mkdtemp(join(tmpdir(), 'shopfleet-set-'));
  const reaper = startReaper(dataDir);
  const ports = await freePorts(3);
  const members = new Map<number, RunningServer>();
  const start = async (port: number): Promise<void> => {
    const data = join(dataDir, `mongod-${port}`, 'data');
    await mkdir(data, { recursive: true });
    const spec: LaunchSpec = {
      server: `mongod-${port}`,
      program: { kind: 'binary', path },
      imageCommand: 'mongod',
      args: ['--config', join(projectFolder, 'infra/mongo/mongod.conf'), '--dbpath', data, '--port', String(port), '--bind_ip', '127.0.0.1'],
      dataDir,
      ports: [{ port }],
      url: direct(port),
      ready: async () => void (await hello(port)),
      report: () => undefined,
    };
    members.set(port, await startServer(spec));
  };
  await Promise.all(ports.map(start));
  await withClient(direct(ports[0] ?? 0), (client) => client.db('admin').command({ replSetInitiate: { _id: 'rs0', members: ports.map((port, _id) => ({ _id, host: `127.0.0.1:${port}` })) } }));
  const primary = async (among: readonly number[]): Promise<number | undefined> => {
    for (const port of among) if ((await hello(port).catch(() => undefined))?.['isWritablePrimary'] === true) return port;
    return undefined;
  };
  let left = ports;
  const lead = async (): Promise<void> => void (await eventually(async () => (await primary(left)) !== undefined, { timeoutMs: 30_000 }));
  await lead();
  return {
    url: `mongodb://${ports.map((port) => `127.0.0.1:${port}`).join(',')}/?replicaSet=rs0`,
    killPrimary: async () => {
      const port = await primary(ports);
      const server = port === undefined ? undefined : members.get(port);
      if (port === undefined || server === undefined) throw new Error('the set has no primary');
      left = ports.filter((other) => other !== port);
      await killServer(server);
      return port;
    },
    newPrimary: lead,
    restart: async (port) => {
      await start(port);
      left = ports;
    },
    stop: async () => {
      await Promise.all([...members.values()].map((server) => killServer(server)));
      await reaper.finish();
    },
  };
}

const direct = (port: number): string => `mongodb://127.0.0.1:${port}/?directConnection=true`;
const hello = (port: number) => withClient(direct(port), (client) => client.db('admin').command({ hello: 1 }));

async function withClient<T>(url: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 1500, connectTimeoutMS: 1500, maxPoolSize: 1 });
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.close();
  }
}
