import type { ObjectStore } from '@shopfleet/images';
import { MongoClient } from 'mongodb';
import { BackupError } from './backup-error.ts';
import { pictureFolder } from './backup.ts';
import { secondsOf } from './bson.ts';
import { load, withoutExpiry } from './load.ts';
import { Replay } from './replay.ts';
import type { BackupSet } from './sets.ts';
import { namesIn, type Vault } from './vault.ts';

export interface RestoredDatabases {
  readonly documents: number;
  readonly operations: number;
  /** Events that are told again. */
  readonly republished: number;
}

export interface RestoreOptions {
  /** Nothing of a later second; absent: everything. */
  readonly untilSecond?: number;
  /** Databases that are there are dropped; else they are a reason to stop. */
  readonly replace?: boolean;
  /** Looks at what was put back, before anything changes it. */
  readonly inspect?: (client: MongoClient) => Promise<void>;
}

// Longer than any message waits for its last try; shorter than the 7 days for which sent events are kept.
const republishedMs = 24 * 3_600_000;

/**
 * Puts the databases of a chain of sets back as they were at its end. What the broker held is not in a backup: events of
 * the last day are told again, and consumers, whose inboxes were restored to the same moment, know which they have heard.
 * @param mongoUrl an account that may do everything (`applyOps`)
 */
export async function restoreDatabases(mongoUrl: string, chain: readonly BackupSet[], vault: Vault, options: RestoreOptions = {}): Promise<RestoredDatabases> {
  const [first] = chain;
  const last = chain.at(-1);
  if (first?.dump === undefined || last === undefined) throw new BackupError('a restore begins with a full backup');
  const client = await MongoClient.connect(mongoUrl, { serverSelectionTimeoutMS: 10_000, appName: 'restore' });
  try {
    await makeRoom(client, first.databases, options.replace ?? false);
    const { dump } = first;
    return await withoutExpiry(client, async () => {
      const documents = await load(client, dump.collections, vault);
      const replay = new Replay(client, new Set(first.databases), options.untilSecond);
      for (const { oplog } of chain) {
        if (oplog) for await (const part of vault.getStream(oplog.parts)) await replay.apply(part);
      }
      await options.inspect?.(client);
      const moment = Math.min(secondsOf(last.until), options.untilSecond ?? Number.POSITIVE_INFINITY);
      return { documents, operations: replay.applied, republished: await tellAgain(client, first.databases, new Date(moment * 1000 - republishedMs)) };
    });
  } finally {
    await client.close();
  }
}

async function makeRoom(client: MongoClient, databases: readonly string[], replace: boolean): Promise<void> {
  for (const database of databases) {
    const there = await client.db(database).listCollections({}, { nameOnly: true }).toArray();
    if (there.length > 0 && !replace) throw new BackupError(`${database} is there already with ${there.length} collections: --replace drops it first`);
    if (there.length > 0) await client.db(database).dropDatabase({ writeConcern: { w: 'majority' } });
  }
}

async function tellAgain(client: MongoClient, databases: readonly string[], since: Date): Promise<number> {
  let events = 0;
  for (const database of databases) {
    const { modifiedCount } = await client
      .db(database)
      .collection('outbox')
      .updateMany({ status: 'sent', sentAt: { $gte: since } }, { $set: { status: 'pending' }, $unset: { sentAt: 1 } }, { writeConcern: { w: 'majority' } });
    events += modifiedCount;
  }
  return events;
}

/** Puts back pictures that are missing. Resolves with how many. */
export async function restorePictures(pictures: ObjectStore, vault: Vault): Promise<number> {
  let restored = 0;
  const there = new Set(await namesIn(pictures));
  for (const name of await vault.list(pictureFolder)) {
    const key = name.slice(pictureFolder.length);
    if (there.has(key)) continue;
    await pictures.put(key, await vault.get(name), contentTypeOf(key));
    restored += 1;
  }
  return restored;
}

function contentTypeOf(key: string): string {
  const type = /\.(avif|webp|png|jpe?g)$/u.exec(key)?.[1];
  return type === undefined ? 'application/octet-stream' : `image/${type === 'jpg' ? 'jpeg' : type}`;
}
