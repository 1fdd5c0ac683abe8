import { MongoServerError, type Document, type MongoClient, type Timestamp } from 'mongodb';
import { BackupError } from './backup-error.ts';
import { documentsIn, readDocument } from './bson.ts';

type Operation = { readonly op: string; readonly ns: string; readonly o: Document; readonly o2?: Document };
interface Entry extends Operation {
  readonly ts: Timestamp;
  readonly lsid?: { readonly id: { toString(encoding: 'hex'): string } };
  readonly txnNumber?: { toString(): string };
}

const batchOperations = 500;
const batchBytes = 8 * 1024 * 1024;
const namespaceNotFound = 26;

/** Applies entries of the oplog in their order, on the state that they followed. */
export class Replay {
  /** Transactions too large for one entry, until their last one comes. */
  readonly #open = new Map<string, Operation[]>();
  #batch: Operation[] = [];
  #bytes = 0;
  #applied = 0;

  private readonly client: MongoClient;
  private readonly databases: ReadonlySet<string>;
  private readonly untilSecond: number;

  /** @param untilSecond nothing of a later second is applied */
  constructor(client: MongoClient, databases: ReadonlySet<string>, untilSecond = Number.POSITIVE_INFINITY) {
    this.client = client;
    this.databases = databases;
    this.untilSecond = untilSecond;
  }

  get applied(): number {
    return this.#applied;
  }

  async apply(part: Buffer): Promise<void> {
    for (const bytes of documentsIn(part)) {
      const entry = readDocument(bytes) as unknown as Entry;
      if (entry.ts.t > this.untilSecond) continue;
      for (const operation of this.#flatten(entry)) await this.#take(operation, bytes.length);
    }
    await this.#flush();
  }

  /** One operation, or those of a transaction when its last entry has come. */
  #flatten(entry: Entry): Operation[] {
    const nested = entry.op === 'c' && (entry.o['applyOps'] as Operation[] | undefined);
    if (!nested) return [entry];
    if (entry.o['prepare'] === true) throw new BackupError('transactions over several shards cannot be restored from an oplog');
    if (entry.lsid === undefined) return nested;
    const key = `${entry.lsid.id.toString('hex')} ${entry.txnNumber?.toString()}`;
    const all = [...(this.#open.get(key) ?? []), ...nested];
    if (entry.o['partialTxn'] === true) {
      this.#open.set(key, all);
      return [];
    }
    this.#open.delete(key);
    return all;
  }

  async #take({ op, ns, o, o2 }: Operation, bytes: number): Promise<void> {
    if (!this.databases.has(ns.slice(0, ns.indexOf('.')))) return;
    if (op === 'c') {
      await this.#flush();
      await this.#command(ns.slice(0, ns.indexOf('.')), o);
      return;
    }
    // Names of collections, and not their ids, which are others here.
    this.#batch.push({ op, ns, o, ...(o2 !== undefined && { o2 }) });
    this.#bytes += bytes;
    if (this.#batch.length >= batchOperations || this.#bytes >= batchBytes) await this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#batch.length === 0) return;
    const batch = this.#batch;
    this.#batch = [];
    this.#bytes = 0;
    const { results } = (await this.client.db('admin').command({ applyOps: batch, writeConcern: { w: 'majority' } })) as { results?: readonly boolean[] };
    const failed = results?.findIndex((done) => !done) ?? -1;
    if (failed >= 0) throw new BackupError(`an operation on ${batch[failed]?.ns} could not be applied: the pieces of this backup do not fit together`);
    this.#applied += batch.length;
  }

  /** What changes collections, in the form of the commands that made the entries. */
  async #command(database: string, o: Document): Promise<void> {
    const db = this.client.db(database);
    const [name = ''] = Object.keys(o);
    const collection = String(o[name]);
    const done = async (command: Document): Promise<void> => void (await db.command({ ...command, writeConcern: { w: 'majority' } }));
    switch (name) {
      case 'create': {
        const { idIndex: _idIndex, ...options } = o;
        return done(options);
      }
      case 'createIndexes': {
        const { createIndexes: _collection, ...index } = o;
        return done({ createIndexes: collection, indexes: [index] });
      }
      case 'commitIndexBuild':
        return done({ createIndexes: collection, indexes: o['indexes'] as Document[] });
      case 'startIndexBuild':
      case 'abortIndexBuild':
        return;
      case 'dropIndexes':
        return done({ dropIndexes: collection, index: o['index'] as string });
      case 'renameCollection':
        return void (await this.client.db('admin').command({ renameCollection: collection, to: String(o['to']), ...('dropTarget' in o && { dropTarget: true }) }));
      case 'drop':
      case 'dropDatabase':
        return done({ [name]: o[name] as unknown }).catch((error: unknown) => {
          if (!(error instanceof MongoServerError && error.code === namespaceNotFound)) throw error;
        });
      case 'collMod':
        return done(o);
      default:
        throw new BackupError(`an operation "${name}" of the oplog is not known to restore: report it`);
    }
  }
}
