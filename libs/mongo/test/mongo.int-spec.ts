import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getConnectionToken, getModelToken, MongooseModule, Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { PassingSet } from '@shopfleet/kernel';
import { eventually, freshDatabase, killServer, restartServer } from '@shopfleet/testing';
import { MongoClient, type Db } from 'mongodb';
import type { Connection, Model } from 'mongoose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isDuplicateKey, isUnavailable, migrate, MongoCheck, MongoModule, onCommit, Transactions, trusted } from '../src/index.ts';

@Schema({ collection: 'shelves' })
class Shelf {
  @Prop({ type: String })
  _id!: string;

  @Prop({ type: Number })
  pieces!: number;
}

interface App {
  readonly transactions: Transactions;
  readonly check: MongoCheck;
  readonly shelves: Model<Shelf>;
  readonly db: Db;
  close(): Promise<void>;
}

async function start(uri: string): Promise<App> {
  @Module({
    imports: [MongoModule.forRoot({ uri, appName: 'sample' }), MongooseModule.forFeature([{ name: Shelf.name, schema: SchemaFactory.createForClass(Shelf) }])],
  })
  class AppModule {}
  const app = await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
  const connection = app.get<Connection>(getConnectionToken());
  return {
    transactions: app.get(Transactions),
    check: app.get(MongoCheck),
    shelves: app.get<Model<Shelf>>(getModelToken(Shelf.name)),
    db: connection.getClient().db() as unknown as Db,
    close: () => app.close(),
  };
}

it('sessions and cursors pass through the client: what has ended is not kept, and what is open is closed with it', async () => {
  const uri = freshDatabase();
  await migrate(uri, [{ collection: 'shelves', indexes: [] }]);
  const app = await start(uri);
  await app.db.collection('shelves').insertMany(Array.from({ length: 5 }, () => ({ pieces: 1 })));
  const { activeSessions, activeCursors } = (app.db.client as unknown as { s: Record<string, unknown> }).s;
  expect([activeSessions, activeCursors]).toEqual([expect.any(PassingSet), expect.any(PassingSet)]);
  const sizes = () => [activeSessions, activeCursors].map((set) => (set as PassingSet<object>).size);
  await app.transactions.run(async (session) => void (await app.shelves.find({}, null, { session })));
  await eventually(() => expect(sizes()).toEqual([0, 0]));
  const open = app.db.collection('shelves').find().batchSize(2);
  await open.next();
  expect(sizes()).toEqual([1, 1]);
  await app.close();
  expect([open.killed, ...sizes()]).toEqual([true, 0, 0]);
});

describe('a transaction', () => {
  let app: App;
  let uri: string;
  let away = false;

  beforeEach(async () => {
    uri = freshDatabase();
    await migrate(uri, [{ collection: 'shelves', indexes: [] }]);
    app = await start(uri);
    await app.shelves.create({ _id: 'A', pieces: 10 });
  });
  afterEach(async () => {
    if (away) await restartServer('mongod');
    away = false;
    await app.close();
  });
  const take = (pieces: number) =>
    app.transactions.run(async (session) => {
      const { modifiedCount } = await app.shelves.updateOne({ _id: 'A', pieces: trusted({ $gte: pieces }) }, { $inc: { pieces: -pieces } }, { session });
      return modifiedCount === 1;
    });

  it('gives what its work gives, after the commit', async () => {
    expect(await take(3)).toBe(true);
    expect(await app.shelves.findById('A').lean()).toMatchObject({ pieces: 7 });
  });

  it('is undone when its work throws, and says what was thrown', async () => {
    const failing = app.transactions.run(async (session) => {
      await app.shelves.updateOne({ _id: 'A' }, { $inc: { pieces: -1 } }, { session });
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await app.shelves.findById('A').lean()).toMatchObject({ pieces: 10 });
  });

  it('is repeated when others change the same document: 40 at once take 10 pieces, no more, no less', async () => {
    const taken = await Promise.all(Array.from({ length: 40 }, () => take(1)));
    expect(taken.filter((took) => took)).toHaveLength(10);
    expect(await app.shelves.findById('A').lean()).toMatchObject({ pieces: 0 });
  });

  it('calls back once after the commit, for the attempt that counted, and never after a roll-back', async () => {
    const called: string[] = [];
    let attempts = 0;
    await app.transactions.run(async (session) => {
      attempts += 1;
      onCommit(session, () => called.push(`attempt ${attempts}`));
      await app.shelves.findOne({ _id: 'A' }, null, { session });
      // Changed by somebody else after our snapshot: a write conflict.
      if (attempts === 1) await app.shelves.updateOne({ _id: 'A' }, { $inc: { pieces: 1 } });
      await app.shelves.updateOne({ _id: 'A' }, { $inc: { pieces: 1 } }, { session });
      expect(called).toEqual([]);
    });
    expect(called).toEqual(['attempt 2']);
    const failing = app.transactions.run((session) => {
      onCommit(session, () => called.push('never'));
      return Promise.reject(new Error('no'));
    });
    await expect(failing).rejects.toThrow('no');
    expect(called).toEqual(['attempt 2']);
  });

  it('ends within its bound, also while a conflict lasts', async () => {
    const begun = performance.now();
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const written = Promise.withResolvers<void>();
    const blocker = app.transactions.run(async (session) => {
      await app.shelves.updateOne({ _id: 'A' }, { $inc: { pieces: 1 } }, { session });
      written.resolve();
      await finished;
    });
    await written.promise;
    const waiting = app.transactions.run(
      async (session) => {
        await app.shelves.updateOne({ _id: 'A' }, { $inc: { pieces: 1 } }, { session });
      },
      { timeoutMs: 400 },
    );
    await expect(waiting).rejects.toMatchObject({ code: 'dependency-unavailable', retryAfterSeconds: 1 });
    expect(performance.now() - begun).toBeLessThan(2_000);
    finish();
    await blocker;
  });

  it('whose worker dies lets go of what it has written: the server ends it', { timeout: 60_000 }, async () => {
    // A process of its own: a client that is closed would say so.
    const work = `
      import { MongoClient } from 'mongodb';
      const client = await MongoClient.connect(process.env.URI);
      const session = client.startSession();
      session.startTransaction();
      await client.db().collection('shelves').updateOne({ _id: 'A' }, { $inc: { pieces: 1 } }, { session });
      process.kill(process.pid, 'SIGKILL');`;
    const worker = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', work], { cwd: import.meta.dirname, env: { URI: uri } });
    await expect(worker).rejects.toMatchObject({ signal: 'SIGKILL' });
    const changing = app.transactions.run((session) => app.shelves.updateOne({ _id: 'A' }, { $inc: { pieces: -1 } }, { session }), { timeoutMs: 200 });
    await expect(changing, 'what it wrote is held').rejects.toMatchObject({ code: 'dependency-unavailable' });
    await eventually(() => take(1), { timeoutMs: 20_000 });
    expect(await app.shelves.findById('A').lean()).toMatchObject({ pieces: 9 });
  });

  it('waits for a connection and for a server no longer than promised, and keeps no more than it needs', () => {
    expect(app.db.client.options).toMatchObject({
      maxConnecting: 10, waitQueueTimeoutMS: 1_000, serverSelectionTimeoutMS: 2_000, socketTimeoutMS: 5_000, maxIdleTimeMS: 30_000,
      writeConcern: { w: 'majority', journal: true }, readConcern: { level: 'majority' },
    });
  });

  it('answers in a few seconds when the server is killed, and works again when it is back', { timeout: 60_000 }, async () => {
    await app.check.check();
    away = true;
    await killServer('mongod');
    const begun = performance.now();
    await expect(take(1)).rejects.toMatchObject({ code: 'dependency-unavailable' });
    // Two seconds of looking for a server, and what a busy machine adds.
    expect(performance.now() - begun).toBeLessThan(8_000);
    await expect(app.check.check()).rejects.toThrow();
    await restartServer('mongod');
    away = false;
    await eventually(async () => expect(await take(1)).toBe(true), { timeoutMs: 15_000 });
    expect(await app.shelves.findById('A').lean()).toMatchObject({ pieces: 9 });
  });

  it('gives up an operation that takes too long, also outside of a transaction', { timeout: 60_000 }, async () => {
    const asking = app.db.collection('shelves').find({ $where: 'sleep(12000) || true' }).toArray();
    await expect(asking).rejects.toSatisfy((error: unknown) => isUnavailable(error));
    expect(await app.shelves.findById('A').lean()).toMatchObject({ pieces: 10 });
  });

  it('does together what comes together, and undoes only what fails', async () => {
    const rounds: number[] = [];
    const takeInTurn = app.transactions.gather(async (pieces: readonly number[], session) => {
      rounds.push(pieces.length);
      const all = pieces.reduce((sum, count) => sum + count, 0);
      const { matchedCount } = await app.shelves.updateOne({ _id: 'A', pieces: trusted({ $gte: all }) }, { $inc: { pieces: -all } }, { session });
      if (matchedCount === 0) throw new Error(`${all} are not there`);
      return pieces;
    });
    const results = await Promise.allSettled([1, 2, 100, 3].map((count) => takeInTurn(count)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(rounds).toEqual([4, 1, 1, 1, 1]);
    expect(await app.shelves.findById('A').lean()).toMatchObject({ pieces: 4 });
  });

  it('one piece that meets a lock fails alone, not those who came with it', { timeout: 60_000 }, async () => {
    await app.shelves.create({ _id: 'B', pieces: 1 }, { _id: 'C', pieces: 1 });
    const take = app.transactions.gather(async (shelves: readonly string[], session) => {
      for (const _id of shelves) await app.shelves.updateOne({ _id }, { $inc: { pieces: 1 } }, { session });
      return shelves;
    });
    const holder = await MongoClient.connect(uri);
    const lock = holder.startSession();
    try {
      lock.startTransaction();
      await holder.db().collection<{ _id: string; pieces: number }>('shelves').updateOne({ _id: 'C' }, { $inc: { pieces: 10 } }, { session: lock });
      const results = await Promise.allSettled(['A', 'B', 'C', 'A'].map((shelf) => take(shelf)));
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    } finally {
      await lock.abortTransaction();
      await lock.endSession();
      await holder.close();
    }
    expect(await app.shelves.findById('A').lean()).toMatchObject({ pieces: 12 });
  });

  it('tells a duplicate key and which index it was', async () => {
    const error: unknown = await app.shelves.create({ _id: 'A', pieces: 1 }).catch((thrown: unknown) => thrown);
    expect(isDuplicateKey(error)).toBe(true);
    expect(isDuplicateKey(error, '_id_')).toBe(true);
    expect(isDuplicateKey(error, 'email_unique')).toBe(false);
    expect(isDuplicateKey(new Error('E11000'))).toBe(false);
  });

  it('lets no operator of a client into a filter', async () => {
    const fromClient = JSON.parse('{"$ne":null}') as string;
    await expect(app.shelves.findOne({ _id: fromClient }).lean()).rejects.toThrow('Cast to string failed');
  });
});

describe('migrate', () => {
  const byCity = { key: { city: 1, _id: -1 }, name: 'by_city', serves: 'a test' } as const;
  const email = { key: { email: 1 }, name: 'email_unique', unique: true, partialFilterExpression: { email: { $exists: true } }, serves: 'a test' } as const;
  const text = { key: { name: 'text', brand: 'text' }, name: 'search', weights: { name: 5 }, default_language: 'none', serves: 'a test' } as const;
  const expiry = { key: { at: 1 }, name: 'expiry', expireAfterSeconds: 60, serves: 'a test' } as const;
  const folded = { key: { slug: 1 }, name: 'folded', collation: { locale: 'en', strength: 2 }, sparse: true, serves: 'a test' } as const;

  it('makes what is missing and, run again, changes nothing', async () => {
    const uri = freshDatabase();
    const definitions = [{ collection: 'people', indexes: [byCity, email, text, expiry, folded] }];
    const first = await migrate(uri, definitions);
    expect(first.created).toEqual(['people.by_city', 'people.email_unique', 'people.search', 'people.expiry', 'people.folded']);
    const second = await migrate(uri, definitions);
    expect(second).toEqual({ created: [], replaced: [], unchanged: first.created, unknown: [] });
  });

  it('builds a changed index anew and leaves alone what it does not know', async () => {
    const uri = freshDatabase();
    await migrate(uri, [{ collection: 'people', indexes: [byCity, email, text, expiry] }]);
    const changed = [{ ...byCity, key: { city: 1, name: 1 } }, { ...text, weights: { name: 9 } }, { ...expiry, expireAfterSeconds: 0 }] as const;
    const report = await migrate(uri, [{ collection: 'people', indexes: changed }]);
    expect(report).toEqual({ created: [], replaced: ['people.by_city', 'people.search', 'people.expiry'], unchanged: [], unknown: ['people.email_unique'] });
    const client = new MongoClient(uri);
    const indexes = await client.db().collection('people').indexes();
    await client.close();
    expect(indexes.find(({ name }) => name === 'expiry')).toMatchObject({ expireAfterSeconds: 0 });
  });

  it('may run in several processes at once', async () => {
    const uri = freshDatabase();
    const definitions = [{ collection: 'people', indexes: [byCity, email] }];
    await Promise.all([migrate(uri, definitions), migrate(uri, definitions), migrate(uri, definitions)]);
    expect((await migrate(uri, definitions)).unchanged).toHaveLength(2);
  });
});
