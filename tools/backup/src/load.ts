import { MongoClient, MongoServerError, type Document } from 'mongodb';
import { documentsIn, readDocument } from './bson.ts';
import type { DumpedCollection } from './dump.ts';
import type { Vault } from './vault.ts';

const batchDocuments = 1000;
const unauthorized = 13;

/** Puts dumped collections into databases that have none of these names; their indexes are made afterwards. */
export async function load(client: MongoClient, collections: readonly DumpedCollection[], vault: Vault): Promise<number> {
  let documents = 0;
  for (const { database, name, options, indexes, parts } of collections) {
    const db = client.db(database);
    await db.createCollection(name, options);
    const collection = db.collection(name);
    let batch: Document[] = [];
    const flush = async (): Promise<void> => {
      if (batch.length > 0) await collection.insertMany(batch, { ordered: false, writeConcern: { w: 1 } });
      documents += batch.length;
      batch = [];
    };
    for await (const part of vault.getStream(parts)) {
      for (const bytes of documentsIn(part)) {
        batch.push(readDocument(bytes));
        if (batch.length >= batchDocuments) await flush();
      }
      await flush();
    }
    if (indexes.length > 0) await db.command({ createIndexes: name, indexes, writeConcern: { w: 'majority' } });
  }
  return documents;
}

/**
 * Runs while documents past their time stay: what a backup holds is put back as it was, and is comparable with it.
 * An account without this right (somebody else's server) goes without.
 */
export async function withoutExpiry<T>(client: MongoClient, work: () => Promise<T>): Promise<T> {
  const set = (ttlMonitorEnabled: boolean): Promise<unknown> =>
    client.db('admin').command({ setParameter: 1, ttlMonitorEnabled }).catch((error: unknown) => {
      if (!(error instanceof MongoServerError && error.code === unauthorized)) throw error;
    });
  await set(false);
  try {
    return await work();
  } finally {
    await set(true);
  }
}
