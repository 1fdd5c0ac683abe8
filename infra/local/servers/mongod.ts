import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient, MongoServerError } from 'mongodb';
import type { Program, ProgramSpec } from './find.ts';
import { serverFolder, startServer } from './launch.ts';
import { programFolder } from './locate.ts';
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

export function mongodUrl(port: number): string {
  return `mongodb://127.0.0.1:${port}/?replicaSet=rs0`;
}

/** A replica set of one member that makes itself primary. */
export async function startMongod(plan: ServerPlan, program: Program): Promise<RunningServer> {
  const folder = serverFolder(plan.dataDir, 'mongod');
  const port = plan.ports.mongod;
  const data = join(folder, 'data');
  await mkdir(data, { recursive: true });
  const settings = await copySettings('mongo/mongod.conf', folder);
  if (program.kind === 'binary') await requireLibraries(program.path, plan.report);
  return startServer({
    server: 'mongod',
    program,
    imageCommand: 'mongod',
    args: ['--config', settings, '--dbpath', data, '--port', String(port), '--bind_ip', program.kind === 'docker' ? '0.0.0.0' : '127.0.0.1'],
    dataDir: plan.dataDir,
    ports: [{ port }],
    url: mongodUrl(port),
    ready: () => becomePrimary(port),
    report: plan.report,
    portVariable: plan.portVariable,
    signal: plan.signal,
  });
}

/** Initiates the set when it is new, follows a changed port, and throws until the member is primary. */
export async function becomePrimary(port: number): Promise<void> {
  const host = `127.0.0.1:${port}`;
  await withClient(`mongodb://${host}/?directConnection=true`, async (client) => {
    const admin = client.db('admin');
    const hello = await admin.command({ hello: 1 });
    if (hello['isWritablePrimary'] === true && hello['primary'] === host) return;
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

async function withClient(url: string, work: (client: MongoClient) => Promise<void>): Promise<void> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 1500, connectTimeoutMS: 1500, maxPoolSize: 1 });
  try {
    await client.connect();
    await work(client);
  } finally {
    await client.close();
  }
}
