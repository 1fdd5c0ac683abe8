import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient, MongoServerError } from 'mongodb';
import { writePrivate } from './files.ts';
import { type Accounts, operatorName } from './accounts.ts';
import type { Program, ProgramSpec } from './find.ts';
import { serverFolder, startServer } from './launch.ts';
import { programFolder } from './locate.ts';
import { ensureMongodAccounts, memberUrl } from './mongod-accounts.ts';
import { obtainMongod, requireLibraries } from './mongod-program.ts';
import { copySettings } from './settings.ts';
import type { RunningServer, ServerPlan } from './types.ts';

export const mongodProgram: ProgramSpec = {
  server: 'mongod',
  image: { default: 'mongo:8', variable: 'SHOPFLEET_MONGO_IMAGE' },
  commands: ['mongod'],
  folders: [programFolder],
  obtain: obtainMongod,
};

/** The set's address; with accounts, under the operator's. */
export function mongodUrl(port: number, accounts?: Accounts): string {
  const address = `127.0.0.1:${port}/?replicaSet=rs0`;
  return accounts === undefined ? `mongodb://${address}` : `mongodb://${operatorName}:${accounts.password('mongod', operatorName)}@${address}&authSource=admin`;
}

/** A replica set of one member that makes itself primary, and its accounts where the plan has them. */
export async function startMongod(plan: ServerPlan, program: Program): Promise<RunningServer> {
  const folder = serverFolder(plan.dataDir, 'mongod');
  const port = plan.ports.mongod;
  const data = join(folder, 'data');
  await mkdir(data, { recursive: true });
  const { accounts } = plan;
  const settings = await copySettings('mongo/mongod.conf', folder);
  const keyFile = join(folder, 'member.key');
  if (accounts !== undefined) writePrivate(keyFile, accounts.mongodKey);
  if (program.kind === 'binary') await requireLibraries(program.path, plan.report);
  return startServer({
    server: 'mongod',
    program,
    imageCommand: 'mongod',
    args: ['--config', settings, '--dbpath', data, '--port', String(port), '--bind_ip', program.kind === 'docker' ? '0.0.0.0' : '127.0.0.1', ...(accounts === undefined ? [] : ['--keyFile', keyFile])],
    dataDir: plan.dataDir,
    ports: [{ port }],
    url: mongodUrl(port, accounts),
    accounts: accounts?.fingerprint,
    ready: () => becomePrimary(port, accounts),
    report: plan.report,
    portVariable: plan.portVariable,
    signal: plan.signal,
  });
}

/** Initiates the set when it is new, follows a changed port, and throws until the member is primary and has its accounts. */
export async function becomePrimary(port: number, accounts?: Accounts): Promise<void> {
  const host = `127.0.0.1:${port}`;
  await withClient(memberUrl(port, accounts), async (client) => {
    const admin = client.db('admin');
    const hello = await admin.command({ hello: 1 });
    if (hello['isWritablePrimary'] === true && hello['primary'] === host) return accounts && ensureMongodAccounts(client, accounts);
    const stored = await admin.command({ replSetGetConfig: 1 }).catch((error: unknown) => {
      // 94: not yet initialized.
      if (error instanceof MongoServerError && error.code === 94) return undefined;
      throw error;
    });
    if (stored === undefined) {
      await admin.command({ replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host }] } });
    } else {
      const config = stored['config'] as { version: number; members: { host: string }[] };
      if (config.members[0]?.host !== host) {
        const members = config.members.slice(0, 1).map((member) => ({ ...member, host }));
        await admin.command({ replSetReconfig: { ...config, version: config.version + 1, members }, force: true });
      }
    }
    throw new Error('not primary yet');
  });
}

/** @throws when no writable primary answers. */
export async function probeMongod(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const hello = await client.db('admin').command({ hello: 1 });
    if (hello['isWritablePrimary'] !== true) throw new Error('answers, but is not primary');
  });
}

/** How many connections the server admits at all; undefined where it does not say: it is away, or the account may not ask. */
export async function connectionLimitOf(url: string): Promise<number | undefined> {
  return withClient(url, async (client) => {
    const { connections } = (await client.db('admin').command({ serverStatus: 1, repl: 0, metrics: 0, wiredTiger: 0 })) as { connections: { current: number; available: number } };
    return connections.current + connections.available;
  }).catch(() => undefined);
}

async function withClient<T>(url: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 1500, connectTimeoutMS: 1500, maxPoolSize: 1 });
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.close();
  }
}
