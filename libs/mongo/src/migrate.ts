import { isDeepStrictEqual } from 'node:util';
import { MongoClient, MongoServerError, type Collection, type CreateCollectionOptions, type Document, type IndexDirection } from 'mongodb';

/** One index, with the query it is there for. */
export interface IndexDefinition {
  readonly key: Readonly<Record<string, IndexDirection>>;
  /** How it is called in errors and explains, such as `customer_newest`. */
  readonly name: string;
  /** The query that it serves, in words or as code: an index without one is dead weight on every write. */
  readonly serves: string;
  readonly unique?: boolean;
  readonly sparse?: boolean;
  readonly partialFilterExpression?: Document;
  /** Documents go this many seconds after the date in the indexed field. */
  readonly expireAfterSeconds?: number;
  readonly collation?: Document & { readonly locale: string };
  /** Weights of a text index. */
  readonly weights?: Readonly<Record<string, number>>;
  readonly default_language?: string;
  readonly language_override?: string;
  readonly wildcardProjection?: Document;
}

export interface CollectionDefinition {
  readonly collection: string;
  readonly indexes: readonly IndexDefinition[];
  /** For a capped, clustered or validated collection; only looked at when it is created. */
  readonly options?: CreateCollectionOptions;
}

/** What {@link migrate} did; each entry is `collection.index`. */
export interface MigrationReport {
  readonly created: readonly string[];
  /** The definition had changed: dropped and built anew. */
  readonly replaced: readonly string[];
  readonly unchanged: readonly string[];
  /** On the server but not defined here: left alone, for an operator to judge. */
  readonly unknown: readonly string[];
}

/**
 * Makes collections and indexes as defined; running it again changes nothing. Part of each deployment, never of a start:
 * workers that build indexes at random times make a busy server busier.
 *
 * @throws Error of the driver when the server cannot be reached within 10 s or data break a new unique index.
 * @example
 * await migrate(config.MONGODB_URI, [
 *   { collection: 'orders', indexes: [{ key: { 'customer.id': 1, _id: -1 }, name: 'customer_newest', serves: 'findPageByCustomer' }] },
 *   ...outboxIndexes,
 * ]);
 */
export async function migrate(uri: string, definitions: readonly CollectionDefinition[]): Promise<MigrationReport> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 10_000, writeConcern: { w: 'majority' }, appName: 'migrate' });
  const report = { created: [] as string[], replaced: [] as string[], unchanged: [] as string[], unknown: [] as string[] };
  try {
    const db = client.db();
    for (const { collection, indexes, options } of definitions) {
      await db.createCollection(collection, options).catch((error: unknown) => {
        if (!(error instanceof MongoServerError && error.codeName === 'NamespaceExists')) throw error;
      });
      await syncIndexes(db.collection(collection), indexes, report);
    }
    return report;
  } finally {
    await client.close();
  }
}

async function syncIndexes(collection: Collection, indexes: readonly IndexDefinition[], report: Record<keyof MigrationReport, string[]>): Promise<void> {
  const existing = new Map((await collection.indexes()).map((index) => [index.name, index as Document]));
  for (const { serves: _serves, ...index } of indexes) {
    const label = `${collection.collectionName}.${index.name}`;
    const { key, ...options } = index;
    const before = existing.get(index.name);
    if (before !== undefined && isSame(before, index)) {
      report.unchanged.push(label);
      continue;
    }
    if (before !== undefined) await collection.dropIndex(index.name);
    await collection.createIndex(key, options);
    report[before === undefined ? 'created' : 'replaced'].push(label);
  }
  const wanted = new Set(['_id_', ...indexes.map(({ name }) => name)]);
  for (const name of existing.keys()) if (!wanted.has(String(name))) report.unknown.push(`${collection.collectionName}.${String(name)}`);
}

const compared = ['unique', 'sparse', 'expireAfterSeconds', 'partialFilterExpression', 'wildcardProjection'] as const;

function isSame(server: Document, wanted: Omit<IndexDefinition, 'serves'>): boolean {
  if (Object.values(wanted.key).includes('text')) return sameText(server, wanted);
  const sameKey = isDeepStrictEqual(Object.entries(server['key'] as Document), Object.entries(wanted.key));
  const sameOptions = compared.every((option) => isDeepStrictEqual(unlessFalse(server[option]), unlessFalse(wanted[option])));
  // The server adds the defaults to a collation, so only what is wished for is compared.
  const collation = Object.entries(wanted.collation ?? {}).every(([field, value]) => (server['collation'] as Document | undefined)?.[field] === value);
  return sameKey && sameOptions && collation && (wanted.collation === undefined) === (server['collation'] === undefined);
}

const unlessFalse = (value: unknown): unknown => (value === false ? undefined : value);

// The server tells a text index by its weights, its key being `_fts`.
function sameText(server: Document, wanted: Omit<IndexDefinition, 'serves'>): boolean {
  const textFields = Object.entries(wanted.key).filter(([, kind]) => kind === 'text');
  const weights = Object.fromEntries(textFields.map(([field]) => [field, wanted.weights?.[field] ?? 1]));
  return (
    isDeepStrictEqual({ ...(server['weights'] as Document | undefined) }, { ...weights }) &&
    (wanted.default_language ?? 'english') === server['default_language'] &&
    (wanted.language_override ?? 'language') === server['language_override']
  );
}
