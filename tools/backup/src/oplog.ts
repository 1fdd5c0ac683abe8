import type { Document, MongoClient, Timestamp } from 'mongodb';
import { BackupError } from './backup-error.ts';
import { textOf, timestampOf } from './bson.ts';
import type { Vault } from './vault.ts';

/** What happened between two moments. */
export interface OplogPiece {
  readonly after: string;
  readonly until: string;
  readonly operations: number;
  readonly parts: readonly string[];
}

/** Moments of the database up to which a majority has everything: no failover takes it back. */
async function majorityMoment(client: MongoClient): Promise<Timestamp> {
  const hello = await client.db('admin').command({ hello: 1 });
  return (hello['lastWrite'] as { majorityOpTime: { ts: Timestamp } }).majorityOpTime.ts;
}

/** Whether the oplog still holds everything that happened after a moment. */
export async function oplogReaches(client: MongoClient, after: string): Promise<boolean> {
  const [first] = await client.db('local').collection('oplog.rs').find({}, { projection: { ts: 1 } }).sort({ $natural: 1 }).limit(1).toArray();
  return first !== undefined && (first['ts'] as Timestamp).lessThanOrEqual(timestampOf(after));
}

/** Copies what happened in these databases after a moment, transactions included. @throws BackupError when the oplog has forgotten it */
export async function copyOplog(client: MongoClient, databases: readonly string[], after: string, vault: Vault, folder: string): Promise<OplogPiece> {
  const until = await majorityMoment(client);
  let operations = 0;
  const filter: Document = {
    ts: { $gt: timestampOf(after), $lte: until },
    op: { $ne: 'n' },
    // A transaction is an entry of its own, outside of any database.
    $or: [{ ns: { $regex: `^(${databases.map((name) => name.replaceAll(/[^\w-]/gu, String.raw`\$&`)).join('|')})[.]` } }, { ns: 'admin.$cmd' }],
  };
  const rows = client.db('local').collection('oplog.rs').find(filter, { raw: true, batchSize: 1000 }).stream() as AsyncIterable<unknown> as AsyncIterable<Uint8Array>;
  const counted = (async function* () {
    for await (const row of rows) {
      operations += 1;
      yield row;
    }
  })();
  const parts = await vault.putStream(`${folder}op`, counted);
  // Asked last: what was overwritten while it was read would be a gap.
  if (!(await oplogReaches(client, after))) throw new BackupError('the oplog no longer reaches back to the last backup: take a full one (--full), or raise replication.oplogSizeMB');
  return { after, until: textOf(until), operations, parts };
}
