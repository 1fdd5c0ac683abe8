import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiskObjectStore } from '@shopfleet/images';
import { freeServerPorts, resolveInstance, startReaper, startServers, stopServer, type RunningServer, type ServerPlan } from '@shopfleet/local';
import { RedisStateClient } from '@shopfleet/redis';
import { inject } from '@shopfleet/testing';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { takeBackup } from '../src/backup.ts';
import { chainTo, readSets } from '../src/sets.ts';
import { openVault, restoreShop, sourceOf } from '../src/shop.ts';

// Never started here: all that is known of it stands in the environment, as in a container.
const instance = resolveInstance({ SHOPFLEET_INSTANCE: 'nowhere' });
let folder: string;
let plan: ServerPlan;
let mongod: RunningServer;
let redisState: RunningServer;
let finish: () => Promise<void>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shopfleet-given-'));
  const dataDir = join(folder, 'servers');
  const reaper = startReaper(dataDir);
  finish = () => reaper.finish();
  plan = { dataDir, ports: await freeServerPorts(), report: () => undefined, redisDatabases: 1024, env: { PATH: process.env['PATH'], SHOPFLEET_SERVERS: 'binary' } };
  [mongod, redisState] = (await startServers({ ...plan, only: ['mongod', 'redis-state'] })) as [RunningServer, RunningServer];
});
afterAll(async () => {
  await finish();
  await rm(folder, { recursive: true, force: true });
});

it('a shop whose servers the environment names is backed up and put back, and not while it runs', async () => {
  const secret = join(folder, 'redis-state-url');
  await writeFile(secret, `${redisState.url}\n`);
  const env = { MONGODB_URI: `${mongod.url.replace(/\/\?/u, '/shop_auth?')}`, REDIS_STATE_URL_FILE: secret, IMAGES_DIR: join(folder, 'images'), BACKUP_DIR: join(folder, 'vault'), REDIS_STATE_DIR: join(plan.dataDir, 'redis-state', 'data') };
  const mongo = await MongoClient.connect(mongod.url);
  const orders = mongo.db('shop_order').collection<{ _id: string; total?: number }>('orders');
  const redis = new RedisStateClient(redisState.url);
  const pictures = new DiskObjectStore(env.IMAGES_DIR);
  await orders.insertOne({ _id: 'ord_1', total: 100 });
  await redis.set('cart:1', 'two lamps');
  await pictures.put('public/abc/160.webp', Buffer.from('picture'));

  const vault = await openVault(undefined, instance, env);
  const source = await sourceOf(instance, env);
  expect(source.databases).toEqual(['shop_product', 'shop_order', 'shop_auth', 'shop_notification']);
  await takeBackup(source, vault);
  await orders.insertOne({ _id: 'ord_2', total: 50 });
  await takeBackup(source, vault);
  const chain = chainTo(await readSets(vault));
  expect(chain).toHaveLength(2);

  // The disaster.
  await orders.deleteMany({});
  await redis.flushall();
  await pictures.remove('public/abc/160.webp');
  redis.disconnect();
  const said: string[] = [];
  const restore = () => restoreShop(instance, chain, vault, { replace: true }, (text) => said.push(text), env);
  await expect(restore()).rejects.toThrow('redis-state runs: stop it first');
  await stopServer(redisState);
  const service = await MongoClient.connect(mongod.url, { appName: 'order' });
  await service.db().command({ ping: 1 });
  await expect(restore()).rejects.toThrow('the shop runs (order): stop its services first');
  await service.close();
  expect(await restore()).toMatchObject({ documents: 1, operations: 1, pictures: 1 });
  expect(said.at(-1)).toContain(`127.0.0.1:${mongod.port}`);

  expect((await orders.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id)).toEqual(['ord_1', 'ord_2']);
  expect(Buffer.from((await pictures.get('public/abc/160.webp')) ?? []).toString()).toBe('picture');
  [redisState] = (await startServers({ ...plan, only: ['redis-state'] })) as [RunningServer];
  const back = new RedisStateClient(redisState.url);
  expect(await back.get('cart:1')).toBe('two lamps');
  back.disconnect();
  await mongo.close();
}, 120_000);

it('what the command line says of a folder wins over a bucket of the environment', async () => {
  // A bucket that nobody has: it is not asked.
  const env = { BACKUP_S3_BUCKET: 'shopfleet-backups', BACKUP_S3_ENDPOINT: 'http://127.0.0.1:1', BACKUP_S3_ACCESS_KEY_ID: 'x', BACKUP_S3_SECRET_ACCESS_KEY: 'y' };
  const vault = await openVault(join(folder, 'said'), instance, env);
  await vault.put('sets/a/0001', Buffer.from('here'));
  expect((await new DiskObjectStore(join(folder, 'said')).get('sets/a/0001'))?.length).toBeGreaterThan(0);
});

it('says what is missing where one of the two databases is named', async () => {
  await expect(sourceOf(instance, { MONGODB_URI: inject('servers').mongodb })).rejects.toThrow('REDIS_STATE_URL is not');
});
