import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiskObjectStore } from '@shopfleet/images';
import { freeServerPorts, startReaper, startServers, type ServerPlan } from '@shopfleet/local';
import { RedisStateClient } from '@shopfleet/redis';
import { eventually, freshDatabase, freshRedis, inject } from '@shopfleet/testing';
import { MongoClient, type Db } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { takeBackup, type BackupSource } from '../src/backup.ts';
import { secondsOf } from '../src/bson.ts';
import { differences, digests } from '../src/digest.ts';
import { placeSnapshot } from '../src/redis-snapshot.ts';
import { restoreDatabases, restorePictures } from '../src/restore.ts';
import { chainTo, readSets, removeBefore } from '../src/sets.ts';
import { Vault } from '../src/vault.ts';
import { change, fill, moveMoney, rows, sumOf, total } from './written.ts';

const key = Buffer.alloc(32, 7);
let folder: string;
let client: MongoClient;
let db: Db;
let redis: RedisStateClient;
let source: BackupSource;
/** Servers of their own, as after a disaster; made anew from what a backup holds. */
let target: { plan: ServerPlan; mongo: MongoClient; url: string; finish: () => Promise<void> };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shopfleet-backup-'));
  client = await MongoClient.connect(freshDatabase());
  db = client.db();
  const redisUrl = await freshRedis('state');
  redis = new RedisStateClient(redisUrl);
  source = { mongoUrl: inject('servers').mongodb, databases: [db.databaseName], redisUrl, pictures: new DiskObjectStore(join(folder, 'pictures')) };
  const dataDir = await mkdtemp(join(tmpdir(), 'shopfleet-restored-'));
  const reaper = startReaper(dataDir);
  const plan: ServerPlan = { dataDir, ports: await freeServerPorts(), report: () => undefined, redisDatabases: 1024, env: { PATH: process.env['PATH'], SHOPFLEET_SERVERS: 'binary' } };
  const [mongod] = await startServers({ ...plan, only: ['mongod'] });
  target = { plan, url: mongod?.url ?? '', mongo: await MongoClient.connect(mongod?.url ?? ''), finish: () => reaper.finish() };
});
afterAll(async () => {
  await target.mongo.close();
  await target.finish();
  await client.close();
  redis.disconnect();
  await rm(folder, { recursive: true, force: true });
});

const vaultIn = (name: string, withKey?: Buffer): Vault => new Vault(new DiskObjectStore(join(folder, name)), withKey);

describe('a shop that is written to all the time', () => {
  it('comes back on other servers exactly as it was at the last increment, and at a second before it', async () => {
    const vault = vaultIn('vault', key);
    await fill(db);
    await redis.set('cart:1', 'two lamps', 'EX', 5000);
    await redis.xadd('stream', '1-1', 'field', 'value');
    await source.pictures.put('public/abc/160.webp', Buffer.from('picture'), 'image/webp');
    const moving = moveMoney(client, db);
    onTestFinished(async () => void (await moving.stop()));
    const first = await takeBackup(source, vault);
    const afterFirst = await digests(client, source.databases, first.until);
    // A restore to a second takes the whole of it.
    await eventually(() => Math.floor(Date.now() / 1000) > secondsOf(first.until));
    await change(client, db);
    const second = await takeBackup(source, vault);
    await rows(db, 'types').insertOne({ _id: 'later' });
    await source.pictures.put('public/def/160.webp', Buffer.from('another'), 'image/webp');
    await redis.hset('job', 'state', 'waiting');
    const third = await takeBackup(source, vault);
    const moves = await moving.stop();
    const atThird = await digests(client, source.databases, third.until);
    expect({ moves: moves > 10, first: first.dump?.collections.length, second: second.dump, pictures: [first.pictures, second.pictures, third.pictures] })
      .toEqual({ moves: true, first: 6, second: undefined, pictures: [1, 0, 1] });
    expect(third.before).toBe(second.id);

    let restored = new Map();
    const chain = chainTo(await readSets(vault));
    expect(chain.map(({ id }) => id)).toEqual([first.id, second.id, third.id]);
    const outcome = await restoreDatabases(target.url, chain, vault, { inspect: async (there) => void (restored = await digests(there, source.databases)) });
    expect(differences(atThird, restored)).toEqual([]);
    const back = target.mongo.db(db.databaseName);
    expect(await sumOf(back)).toBe(total);
    expect(await rows(back, 'types').findOne({ _id: 'later' })).not.toBeNull();
    // What the broker held is told again, but not what is older than a day.
    expect(outcome.republished).toBe(1);
    expect(await back.collection('outbox').countDocuments({ status: 'pending' })).toBe(2);
    await expect(rows(back, 'many').insertOne({ _id: 'again', email: 'm2000@example.com' })).rejects.toThrow('duplicate key');

    // Twice is refused unless it is asked for; then it leads to an earlier moment as well.
    await expect(restoreDatabases(target.url, chain, vault)).rejects.toThrow('--replace');
    await restoreDatabases(target.url, chainTo(await readSets(vault), secondsOf(first.until)), vault, { replace: true, untilSecond: secondsOf(first.until), inspect: async (there) => void (restored = await digests(there, source.databases)) });
    expect(await sumOf(back)).toBe(total);
    expect([...restored.keys()].sort()).toEqual([...afterFirst.keys()].sort());

    const pictures = new DiskObjectStore(join(folder, 'restored-pictures'));
    expect(await restorePictures(pictures, vault)).toBe(2);
    expect(Buffer.from((await pictures.get('public/def/160.webp')) ?? []).toString()).toBe('another');

    await placeSnapshot(join(target.plan.dataDir, 'redis-state', 'data'), vault, third.redis);
    const [server] = await startServers({ ...target.plan, only: ['redis-state'] });
    const there = new RedisStateClient(`${server?.url}${new URL(source.redisUrl).pathname}`);
    expect({ cart: await there.get('cart:1'), stream: await there.xlen('stream'), job: await there.hgetall('job') }).toEqual({ cart: 'two lamps', stream: 1, job: { state: 'waiting' } });
    expect(await there.ttl('cart:1')).toBeGreaterThan(4000);
    // It goes on appending behind the snapshot.
    await there.set('cart:2', 'new');
    there.disconnect();
  }, 120_000);
});

describe('a backup', () => {
  it('is refused when a piece of it was changed, moved or sealed with another key', async () => {
    const vault = vaultIn('sealed', key);
    await vault.put('sets/a/0001', Buffer.from('of a'));
    await vault.put('sets/b/0001', Buffer.from('of b'));
    expect((await vault.get('sets/a/0001')).toString()).toBe('of a');
    await expect(vaultIn('sealed').get('sets/a/0001')).rejects.toThrow('set BACKUP_KEY');
    await expect(vaultIn('sealed', Buffer.alloc(32, 8)).get('sets/a/0001')).rejects.toThrow('not the key');
    const file = (name: string): string => join(folder, 'sealed', 'sets', name, '0001');
    const stored = await readFile(file('a'));
    expect(stored.includes('of a')).toBe(false);
    await writeFile(file('b'), stored);
    await expect(vault.get('sets/b/0001')).rejects.toThrow('damaged');
    await writeFile(file('a'), stored.subarray(0, -1));
    await expect(vault.get('sets/a/0001')).rejects.toThrow('damaged');
    await expect(vault.get('sets/c/0001')).rejects.toThrow('missing');
  });

  it('that was not finished does not count, and old ones are removed with their increments', async () => {
    const vault = vaultIn('kept');
    const [first, second] = [await takeBackup(source, vault, { full: true }), await takeBackup(source, vault)];
    await vault.put('sets/20990101t000000000z/c0001p0001', Buffer.from('cut short'));
    expect((await readSets(vault)).map(({ id }) => id)).toEqual([first.id, second.id]);
    const third = await takeBackup(source, vault, { full: true });
    const sets = await readSets(vault);
    expect(sets.map(({ dump }) => dump !== undefined)).toEqual([true, false, false, true]);
    expect(await removeBefore(vault, new Date(0))).toBe(0);
    expect(await removeBefore(vault, new Date(Date.now() + 1000))).toBe(3);
    expect((await readSets(vault)).map(({ id }) => id)).toEqual([third.id]);
    expect(await readdir(join(folder, 'kept', 'sets', third.id))).toContain('manifest');
  }, 60_000);
});
