import { Binary, Decimal128, Int32, Long, ObjectId, type Db, type Document, type MongoClient } from 'mongodb';

export const rows = (db: Db, name: string) => db.collection<Document & { _id: string }>(name);
export const accounts = 20;
export const total = accounts * 100;

/** A database with all that a dump has to carry: types, options, indexes, nested and large documents. */
export async function fill(db: Db): Promise<void> {
  await db.createCollection('strict', { validator: { name: { $type: 'string' } } });
  await rows(db, 'strict').insertOne({ _id: 'a', name: 'a' });
  await rows(db, 'types').insertMany([
    { _id: 'numbers', int: new Int32(1), double: 1.5, whole: 2, long: Long.fromString('9007199254740993'), decimal: Decimal128.fromString('0.10') },
    { _id: 'others', date: new Date(0), id: new ObjectId(), bytes: new Binary(Buffer.from([1, 2, 3])), regex: /^a/iu, nothing: null, yes: true, text: '日本語 ‮rtl' },
    { _id: 'nested', list: [1, { a: [2, { b: 3 }] }], deep: { deeper: { deepest: 'x' } } },
  ]);
  await rows(db, 'accounts').insertMany(Array.from({ length: accounts }, (_, n) => ({ _id: `acc_${n}`, balance: 100 })));
  await rows(db, 'many').insertMany(Array.from({ length: 3000 }, (_, n) => ({ _id: `m${n}`, n, email: `m${n}@example.com`, padding: 'x'.repeat(200) })));
  await db.collection('many').createIndex({ email: 1 }, { name: 'by_email', unique: true });
  await db.collection('many').createIndex({ n: -1 }, { name: 'odd', partialFilterExpression: { n: { $gt: 10 } } });
  await db.collection('expiring').createIndex({ at: 1 }, { name: 'expiry', expireAfterSeconds: 0 });
  await rows(db, 'outbox').insertMany([
    { _id: 'old', status: 'sent', sentAt: new Date(Date.now() - 48 * 3_600_000) },
    { _id: 'sent', status: 'sent', sentAt: new Date() },
    { _id: 'pending', status: 'pending' },
  ]);
}

/** Every kind of change that an oplog tells of. */
export async function change(client: MongoClient, db: Db): Promise<void> {
  await rows(db, 'types').updateOne({ _id: 'nested' }, { $set: { 'list.1.a.1.b': 4, 'deep.deeper.added': 1 }, $unset: { 'deep.deeper.deepest': 1 } });
  await db.collection<{ _id: string; list: unknown[] }>('types').updateOne({ _id: 'nested' }, { $push: { list: { $each: [5, 6], $position: 0 } } });
  await rows(db, 'types').replaceOne({ _id: 'others' }, { fresh: true });
  await rows(db, 'many').deleteMany({ n: { $lt: 50 } });
  await rows(db, 'many').updateMany({ n: { $gte: 2900 } }, { $inc: { n: 10_000 } });
  await rows(db, 'many').updateOne({ _id: 'upserted' }, { $set: { n: -1, email: 'upserted@example.com' } }, { upsert: true });
  await rows(db, 'born').insertOne({ _id: 'first' });
  await db.collection('born').createIndex({ x: 1 }, { name: 'x_1' });
  await db.collection('many').createIndex({ padding: 1, n: 1 }, { name: 'padded' });
  await db.collection('many').dropIndex('odd');
  await rows(db, 'doomed').insertOne({ _id: 'x' });
  await db.collection('doomed').drop();
  await rows(db, 'before').insertOne({ _id: 'x' });
  await db.collection('before').rename('after');
  await db.command({ collMod: 'strict', validationLevel: 'moderate' });
  await client.withSession((session) =>
    session.withTransaction(async () => {
      // More than one entry of the oplog holds (16 MB).
      for (let n = 0; n < 3; n += 1) await rows(db, 'large').insertOne({ _id: `l${n}`, text: 'y'.repeat(7_000_000) }, { session });
      await rows(db, 'types').updateOne({ _id: 'numbers' }, { $inc: { whole: 1 } }, { session });
    }),
  );
}

/** Moves money between accounts until it is told to stop: at every moment the sum is the same. */
export function moveMoney(client: MongoClient, db: Db): { stop(): Promise<number> } {
  let running = true;
  let moves = 0;
  const moving = (async () => {
    for (; running; moves += 1) {
      await client.withSession((session) =>
        session.withTransaction(async () => {
          await db.collection<{ _id: string; balance: number; moved: number[] }>('accounts').updateOne({ _id: `acc_${moves % accounts}` }, { $inc: { balance: -7 }, $push: { moved: moves } }, { session });
          await rows(db, 'accounts').updateOne({ _id: `acc_${(moves * 7 + 1) % accounts}` }, { $inc: { balance: 7 } }, { session });
        }),
      );
    }
  })();
  return {
    stop: async () => {
      running = false;
      await moving;
      return moves;
    },
  };
}

export async function sumOf(db: Db): Promise<number> {
  const [row] = await db.collection('accounts').aggregate<{ sum: number }>([{ $group: { _id: null, sum: { $sum: '$balance' } } }]).toArray();
  return row?.sum ?? 0;
}
