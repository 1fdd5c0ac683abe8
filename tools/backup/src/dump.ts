import { MongoServerError, type Document, type MongoClient } from 'mongodb';
import { BackupError } from './backup-error.ts';
import { momentOf, snapshotSession } from './moment.ts';
import type { Vault } from './vault.ts';

/** A collection as it was at the moment of a dump. */
export interface DumpedCollection {
  readonly database: string;
  readonly name: string;
  readonly options: Document;
  readonly indexes: readonly Document[];
  readonly documents: number;
  readonly parts: readonly string[];
}

export interface Dump {
  /** Every collection is as it was at this moment of the database's own time. */
  readonly at: string;
  readonly collections: readonly DumpedCollection[];
}

/**
 * Reads whole databases as they were at one moment, by snapshot reads: what is written meanwhile is not in it, and no
 * writer waits. The server keeps the moment for `minSnapshotHistoryWindowInSeconds` (300).
 */
export async function dump(client: MongoClient, databases: readonly string[], vault: Vault, folder: string): Promise<Dump> {
  const found = await Promise.all(databases.map(async (database) => collectionsOf(client, database)));
  const session = snapshotSession(client);
  try {
    // The first read fixes the moment; a collection must be there for it.
    const collections: DumpedCollection[] = [];
    let number = 0;
    for (const { database, name, options } of found.flat()) {
      let documents = 0;
      const rows = client.db(database).collection(name).find({}, { session, raw: true, batchSize: 1000 }).stream() as AsyncIterable<unknown> as AsyncIterable<Uint8Array>;
      const counted = (async function* () {
        for await (const row of rows) {
          documents += 1;
          yield row;
        }
      })();
      const parts = await vault.putStream(`${folder}c${String((number += 1)).padStart(4, '0')}p`, counted);
      collections.push({ database, name, options, documents, parts, indexes: await indexesOf(client, database, name) });
    }
    const moment = momentOf(session);
    if (moment === undefined) throw new BackupError(`there is nothing to back up in ${databases.join(', ')}`);
    return { at: moment, collections };
  } catch (error) {
    // 239: the server has forgotten the moment; 246: a collection was made or changed after it.
    if (error instanceof MongoServerError && error.code === 239) throw new BackupError('the dump took longer than MongoDB keeps a moment: raise its parameter minSnapshotHistoryWindowInSeconds (300)', { cause: error });
    if (error instanceof MongoServerError && error.code === 246) throw new BackupError('a collection was made while it was dumped (a migration?): try again', { cause: error });
    throw error;
  } finally {
    await session.endSession();
  }
}

async function collectionsOf(client: MongoClient, database: string): Promise<{ database: string; name: string; options: Document }[]> {
  const infos = await client.db(database).listCollections({ type: 'collection' }, { nameOnly: false }).toArray();
  return infos
    .filter(({ name }) => !name.startsWith('system.'))
    .map((info) => ({ database, name: info.name, options: ('options' in info && info.options) || {} }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function indexesOf(client: MongoClient, database: string, name: string): Promise<Document[]> {
  const indexes = await client.db(database).collection(name).listIndexes().toArray();
  return indexes.filter((index) => (index as { name: string }).name !== '_id_');
}
