import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { withFiles } from '@shopfleet/config';
import { Accounts, ensureReplicaSet, serviceAccounts } from '@shopfleet/local';
import { MongoClient, MongoServerError } from 'mongodb';
import { BackupError } from './backup-error.ts';
import { placeSnapshot } from './redis-snapshot.ts';
import { restoreDatabases, type RestoredDatabases, type RestoreOptions } from './restore.ts';
import { snapshotIn, type BackupSet } from './sets.ts';
import type { Vault } from './vault.ts';

/** A shop whose servers the environment names: in containers, or wherever else it was not started by this folder. */
export interface GivenServers {
  readonly mongodb: string;
  readonly redisState: string;
  /** Where redis-state, which does not run, begins from. */
  readonly redisStateFolder: string | undefined;
  readonly accountsKey: string | undefined;
  /** What is asked for the replica set, and put into one where there is none. */
  readonly members: readonly string[];
  readonly databases: readonly string[];
  /** With what stood in files. */
  readonly environment: NodeJS.ProcessEnv;
}

const names = ['MONGODB_URI', 'REDIS_STATE_URL', 'ACCOUNTS_KEY', 'IMAGES_S3_ACCESS_KEY_ID', 'IMAGES_S3_SECRET_ACCESS_KEY'];
const patienceMs = 60_000;
const unauthorized = 13;

/** @throws BackupError when only one of the two databases is named */
export function givenServers(env: NodeJS.ProcessEnv = process.env): GivenServers | undefined {
  const environment = withFiles(names, env);
  const { MONGODB_URI: mongodb, REDIS_STATE_URL: redisState } = environment;
  if (!mongodb) return undefined;
  if (!redisState) throw new BackupError('MONGODB_URI is set and REDIS_STATE_URL is not: a backup holds both');
  return {
    mongodb,
    redisState,
    redisStateFolder: environment['REDIS_STATE_DIR'] || undefined,
    accountsKey: environment['ACCOUNTS_KEY'] || undefined,
    members: (environment['MONGO_MEMBERS'] || 'mongo-1:27017').split(','),
    databases: Object.values(serviceAccounts).flatMap(({ database }) => database ?? []),
    environment,
  };
}

/**
 * Puts databases and redis-state of such a shop back. MongoDB runs, the services and redis-state do not; who starts them
 * again begins with an empty broker.
 * @throws BackupError while something runs that would write meanwhile
 */
export async function restoreGiven(servers: GivenServers, chain: readonly BackupSet[], vault: Vault, options: RestoreOptions, report: (text: string) => void): Promise<RestoredDatabases> {
  if (servers.redisStateFolder !== undefined && (await answers(servers.redisState))) throw new BackupError('redis-state runs: stop it first, its data folder is written');
  report(`onto the servers that the environment names: ${hostsOf(servers.mongodb)}`);
  const mongoUrl = await operatorOf(servers);
  await requireNoServices(mongoUrl);
  const restored = await restoreDatabases(mongoUrl, chain, vault, options);
  if (servers.redisStateFolder === undefined) report('redis-state is not restored: REDIS_STATE_DIR names no data folder of it');
  else {
    await placeSnapshot(servers.redisStateFolder, vault, snapshotIn(chain, options.untilSecond));
    // Whom it followed under Sentinel is of the shop before (infra/docker/redis.sh keeps it there).
    await rm(join(servers.redisStateFolder, 'redis.conf'), { force: true });
  }
  return restored;
}

/** As a member of the set where its key is known: applying an oplog is more than an operator's account may do. */
async function operatorOf({ mongodb, accountsKey, members }: GivenServers): Promise<string> {
  if (accountsKey === undefined) return mongodb;
  const accounts = new Accounts(accountsKey);
  // On a new machine there is neither a set nor an account.
  for (const deadline = Date.now() + patienceMs; ; ) {
    try {
      await ensureReplicaSet(members, accounts);
      return `mongodb://__system:${accounts.mongodKey}@${members.join(',')}/?replicaSet=rs0&authSource=local`;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(500);
    }
  }
}

async function requireNoServices(mongoUrl: string): Promise<void> {
  const client = await MongoClient.connect(mongoUrl, { serverSelectionTimeoutMS: 10_000, appName: 'restore' });
  try {
    const connected = await client.db('admin').aggregate<{ _id: string }>([
      { $currentOp: { allUsers: true, idleConnections: true } },
      { $match: { appName: { $in: Object.keys(serviceAccounts) } } },
      { $group: { _id: '$appName' } },
    ]).toArray();
    if (connected.length > 0) throw new BackupError(`the shop runs (${connected.map(({ _id }) => _id).sort().join(', ')}): stop its services first`);
  } catch (error) {
    // An account that may not look is that of an operator who has.
    if (!(error instanceof MongoServerError && error.code === unauthorized)) throw error;
  } finally {
    await client.close();
  }
}

const hostsOf = (mongodb: string): string => /^[^/]*\/\/(?:[^@/]*@)?([^/?]*)/u.exec(mongodb)?.[1] ?? '';

function answers(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || 6379), timeout: 2_000 }, () => socket.end(() => resolve(true)));
    for (const event of ['timeout', 'error'] as const) socket.once(event, () => { socket.destroy(); resolve(false); });
  });
}
