import { createHash } from 'node:crypto';
import type { MongoClient } from 'mongodb';
import { snapshotSession } from './moment.ts';

export interface Digest {
  readonly documents: number;
  /** Of the documents' bytes, in the order of their ids. */
  readonly hash: string;
  readonly indexes: readonly string[];
}

/**
 * What stands in databases, collection by collection, for a comparison; at an earlier moment where one is given, which the
 * server must still know (300 s).
 */
export async function digests(client: MongoClient, databases: readonly string[], at?: string): Promise<Map<string, Digest>> {
  const result = new Map<string, Digest>();
  const session = snapshotSession(client, at);
  try {
    for (const database of databases) {
      const infos = await client.db(database).listCollections({ type: 'collection' }, { nameOnly: true }).toArray();
      for (const { name } of infos.filter((info) => !info.name.startsWith('system.'))) {
        const collection = client.db(database).collection(name);
        const hash = createHash('sha256');
        let documents = 0;
        const rows = collection.find({}, { session, raw: true, sort: { _id: 1 }, batchSize: 1000 }).stream() as AsyncIterable<unknown> as AsyncIterable<Uint8Array>;
        for await (const row of rows) {
          hash.update(row);
          documents += 1;
        }
        const indexes = await collection.listIndexes().toArray();
        result.set(`${database}.${name}`, { documents, hash: hash.digest('hex'), indexes: indexes.map((index) => JSON.stringify(index)).sort() });
      }
    }
    return result;
  } finally {
    await session.endSession();
  }
}

/** Where two sets of databases differ, one line each. */
export function differences(ours: ReadonlyMap<string, Digest>, theirs: ReadonlyMap<string, Digest>): string[] {
  const names = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  return names.flatMap((name) => {
    const [a, b] = [ours.get(name), theirs.get(name)];
    if (a === undefined || b === undefined) return [`${name} is on one side only (${(a ?? b)?.documents} documents)`];
    if (a.documents !== b.documents) return [`${name}: ${a.documents} documents against ${b.documents}`];
    if (a.hash !== b.hash) return [`${name}: the same number of documents (${a.documents}), not the same content`];
    return a.indexes.join() === b.indexes.join() ? [] : [`${name}: other indexes`];
  });
}
