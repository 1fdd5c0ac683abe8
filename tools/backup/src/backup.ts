import { existsSync, readFileSync } from 'node:fs';
import type { ObjectStore } from '@shopfleet/images';
import { MongoClient } from 'mongodb';
import { dump } from './dump.ts';
import { copyOplog, oplogReaches } from './oplog.ts';
import { redisSnapshot } from './redis-snapshot.ts';
import { newSetId, readSets, setFolder, writeSet, type BackupSet } from './sets.ts';
import type { Vault } from './vault.ts';

/** What a shop consists of, for a backup. */
export interface BackupSource {
  /** An account that may read the databases and `local.oplog.rs` (role `backup`). */
  readonly mongoUrl: string;
  readonly databases: readonly string[];
  readonly redisUrl: string;
  readonly pictures: ObjectStore;
  readonly secretsFile?: string;
}

const fullEveryMs = 24 * 3_600_000;
export const pictureFolder = 'pictures/';

/**
 * An increment on the newest set; and all of it where there is none, it is a day old, the oplog no longer reaches back to it,
 * or `full` asks for it (behind an increment where one is possible: no moment is left out). Resolves with the last set made.
 */
export async function takeBackup(source: BackupSource, vault: Vault, options: { readonly full?: boolean } = {}): Promise<BackupSet> {
  const client = await MongoClient.connect(source.mongoUrl, { serverSelectionTimeoutMS: 5000, socketTimeoutMS: 120_000, appName: 'backup', ignoreUndefined: false });
  try {
    const sets = (await readSets(vault)).filter(({ databases }) => databases.join() === source.databases.join());
    const lastFull = sets.findLast((set) => set.dump !== undefined);
    const newest = lastFull && sets.at(-1);
    const before = newest && (await oplogReaches(client, newest.until)) ? newest : undefined;
    const next = before && (await takeSet(source, vault, (id) => increment(client, source, vault, id, before)));
    const isFresh = lastFull !== undefined && Date.now() - new Date(lastFull.takenAt).getTime() < fullEveryMs;
    return next && isFresh && options.full !== true ? next : await takeSet(source, vault, (id) => full(client, source, vault, id));
  } finally {
    await client.close();
  }
}

async function takeSet(source: BackupSource, vault: Vault, readDatabases: (id: string) => Promise<Pick<BackupSet, 'until' | 'dump' | 'before' | 'oplog'>>): Promise<BackupSet> {
  const begun = new Date();
  const id = newSetId(begun);
  // Redis first: a cart that is older than the orders is put right when their events are told again, a newer one is not.
  const redis = await vault.putStream(`${setFolder(id)}rdb`, redisSnapshot(source.redisUrl));
  const set: BackupSet = {
    id,
    databases: source.databases,
    takenAt: begun.toISOString(),
    redis,
    ...(await readDatabases(id)),
    pictures: await copyNewPictures(source.pictures, vault),
    ...(await keptSecrets(source, vault, id)),
    tookMs: Date.now() - begun.getTime(),
  };
  await writeSet(vault, set);
  return set;
}

async function full(client: MongoClient, { databases }: BackupSource, vault: Vault, id: string): Promise<Pick<BackupSet, 'dump' | 'until'>> {
  const dumped = await dump(client, databases, vault, setFolder(id));
  return { dump: dumped, until: dumped.at };
}

async function increment(client: MongoClient, { databases }: BackupSource, vault: Vault, id: string, before: BackupSet): Promise<Pick<BackupSet, 'oplog' | 'until' | 'before'>> {
  const oplog = await copyOplog(client, databases, before.until, vault, setFolder(id));
  return { oplog, until: oplog.until, before: before.id };
}

/** Pictures never change under their name: each is copied once. */
async function copyNewPictures(pictures: ObjectStore, vault: Vault): Promise<number> {
  const known = new Set(await vault.list(pictureFolder));
  let copied = 0;
  for await (const name of pictures.list()) {
    if (known.has(`${pictureFolder}${name}`)) continue;
    const bytes = await pictures.get(name);
    if (bytes === undefined) continue;
    await vault.put(`${pictureFolder}${name}`, bytes);
    copied += 1;
  }
  return copied;
}

async function keptSecrets({ secretsFile }: BackupSource, vault: Vault, id: string): Promise<Pick<BackupSet, 'secrets'>> {
  if (secretsFile === undefined || !vault.isEncrypted || !existsSync(secretsFile)) return {};
  const secrets = `${setFolder(id)}secrets`;
  await vault.put(secrets, readFileSync(secretsFile));
  return { secrets };
}
