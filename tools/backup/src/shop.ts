import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { objectStoreOptions, openObjectStore, type ObjectStore } from '@shopfleet/images';
import {
  Accounts, dataPath, endLeftovers, ensureSecrets, forgetMigrations, inspect, markSeeded, memberUrl, operatorEnvironment, readRunFile, serversDir, startServers, stopServer,
  type Environment, type Instance,
} from '@shopfleet/local';
import { BackupError } from './backup-error.ts';
import type { BackupSource } from './backup.ts';
import { givenServers, restoreGiven } from './given-servers.ts';
import { placeSnapshot } from './redis-snapshot.ts';
import { restoreDatabases, restorePictures, type RestoredDatabases, type RestoreOptions } from './restore.ts';
import { keyFrom } from './sealing.ts';
import { snapshotIn, type BackupSet } from './sets.ts';
import { Vault } from './vault.ts';

const services = ['product-service', 'order-service', 'auth-service', 'notification-service'] as const;
const secretsOf = (instance: Instance): string => dataPath(instance, 'secrets.json');

/** Where backups go and come from: the folder that the command line names, else the bucket of the environment, else a folder. */
export async function openVault(said: string | undefined, instance: Instance, env: NodeJS.ProcessEnv = process.env): Promise<Vault> {
  const { BACKUP_S3_BUCKET: bucket, BACKUP_S3_ENDPOINT: endpoint, BACKUP_S3_ACCESS_KEY_ID: accessKeyId, BACKUP_S3_SECRET_ACCESS_KEY: secretAccessKey, BACKUP_KEY: key } = env;
  const credentials = accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
  const s3 = bucket && said === undefined ? { bucket, region: env['BACKUP_S3_REGION'] || 'us-east-1', ...(endpoint && { endpoint }), ...(credentials && { credentials }) } : undefined;
  return new Vault(await openObjectStore({ folder: said ?? (env['BACKUP_DIR'] || dataPath(instance, 'backups')), s3 }), key ? keyFrom(key) : undefined);
}

/** What belongs to the shop whose servers the environment names, else to one of this machine. @throws BackupError when it was never started */
export async function sourceOf(instance: Instance, env: NodeJS.ProcessEnv = process.env): Promise<BackupSource> {
  const given = givenServers(env);
  if (given) return { mongoUrl: given.mongodb, databases: given.databases, redisUrl: given.redisState, pictures: await picturesOf(instance, given.environment) };
  const runFile = readRunFile(instance);
  if (runFile?.operator === undefined) throw new BackupError(`the shop "${instance.name}" has never been started here: npm start, name another by SHOPFLEET_INSTANCE, or its servers by MONGODB_URI and REDIS_STATE_URL`);
  const databases = services.map((app) => databaseIn(operatorEnvironment(runFile, app)['MONGODB_URI'] ?? ''));
  return {
    mongoUrl: runFile.operator['MONGODB_URL'] ?? '',
    databases,
    redisUrl: runFile.apps['order-service']?.['REDIS_STATE_URL'] ?? '',
    pictures: await picturesOf(instance, runFile.apps['product-service']),
    secretsFile: secretsOf(instance),
  };
}

const databaseIn = (uri: string): string => /^mongodb(?:\+srv)?:\/\/[^/]+\/([\w-]+)/u.exec(uri)?.[1] ?? '';

/** As the product service finds them; on a new machine there is only the environment to say where. */
function picturesOf(instance: Instance, environment: Environment | NodeJS.ProcessEnv = process.env): Promise<ObjectStore> {
  return openObjectStore(objectStoreOptions({ ...environment, IMAGES_DIR: environment['IMAGES_DIR'] || dataPath(instance, 'images') }));
}

export interface RestoredShop extends RestoredDatabases {
  readonly pictures: number;
}

/**
 * Puts a chain of sets into the data folder of a shop that does not run, so that its next start begins from there:
 * MongoDB, redis-state and pictures; the broker begins empty, what it held is told again.
 * @throws BackupError while the shop runs, or when there is data and `replace` was not said
 */
export async function restoreShop(instance: Instance, chain: readonly BackupSet[], vault: Vault, options: RestoreOptions & { readonly pictures?: ObjectStore }, report: (text: string) => void, env: NodeJS.ProcessEnv = process.env): Promise<RestoredShop> {
  const given = givenServers(env);
  if (given) return { ...(await restoreGiven(given, chain, vault, options, report)), pictures: await restorePictures(options.pictures ?? (await picturesOf(instance, given.environment)), vault) };
  const { workers } = await inspect(instance);
  if (workers.length > 0) throw new BackupError('the shop runs: npm stop first');
  if (readRunFile(instance)?.givenServers.includes('redis-state')) report('redis-state is a server of your own (REDIS_STATE_URL): its snapshot lies in the folder of redis-state, put it there yourself');
  const last = chain.at(-1);
  if (last?.secrets !== undefined && !existsSync(secretsOf(instance))) {
    mkdirSync(instance.dataDir, { recursive: true });
    writeFileSync(secretsOf(instance), await vault.get(last.secrets), { mode: 0o600 });
  }
  const folder = serversDir(instance);
  for (const server of ['redis-cache', 'redis-state', 'rabbitmq']) await endLeftovers(folder, server);
  const accounts = new Accounts(ensureSecrets(secretsOf(instance)).accountsKey);
  const [mongod] = await startServers({ dataDir: folder, ports: instance.ports, only: ['mongod'], accounts, report: ({ state, detail }) => state === 'ready' && report(`mongod: ${detail}`) });
  if (mongod === undefined) throw new Error('one server was asked for');
  try {
    // As a member of the set: applying an oplog is more than an operator's account may do.
    const restored = await restoreDatabases(mongod.kind === 'env' ? mongod.url : memberUrl(mongod.port, accounts), chain, vault, options);
    await placeSnapshot(join(folder, 'redis-state', 'data'), vault, snapshotIn(chain, options.untilSecond));
    rmSync(join(folder, 'rabbitmq', 'data'), { recursive: true, force: true });
    // Indexes may be those of an older shop, and the broker has no queues any more.
    forgetMigrations(instance);
    const pictures = await restorePictures(options.pictures ?? (await picturesOf(instance, readRunFile(instance)?.apps['product-service'])), vault);
    markSeeded(instance, `mongodb://127.0.0.1:${mongod.port}/shop_product`);
    return { ...restored, pictures };
  } finally {
    await stopServer(mongod);
  }
}

