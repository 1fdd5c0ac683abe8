import { eventually, freshDatabase, inject } from '@shopfleet/testing';
import { migrate } from '@shopfleet/mongo';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { inboxCollection, outboxCollection, outboxIndexes } from '../src/index.ts';

const day = 24 * 3_600_000;
const ago = (days: number): Date => new Date(Date.now() - days * day);

let client: MongoClient;
let server: MongoClient;
const sweepEvery = (seconds: number) => server.db('admin').command({ setParameter: 1, ttlMonitorSleepSecs: seconds });

beforeEach(async () => {
  const uri = freshDatabase();
  await migrate(uri, outboxIndexes);
  [client, server] = await Promise.all([MongoClient.connect(uri), MongoClient.connect(inject('servers').mongodb)]);
  await sweepEvery(1);
});
afterEach(async () => {
  await sweepEvery(60);
  await Promise.all([client.close(), server.close()]);
});

it('forgets what was handled 14 days ago and what was sent 7 days ago, but never what still has to go out', async () => {
  const inbox = client.db().collection<{ _id: string; at: Date }>(inboxCollection);
  const outbox = client.db().collection<{ _id: string; status: string; sentAt?: Date; createdAt: Date }>(outboxCollection);
  await inbox.insertMany([{ _id: 'old', at: ago(14.1) }, { _id: 'recent', at: ago(13.9) }]);
  await outbox.insertMany([
    { _id: 'old', status: 'sent', sentAt: ago(7.1), createdAt: ago(8) },
    { _id: 'recent', status: 'sent', sentAt: ago(6.9), createdAt: ago(8) },
    { _id: 'pending', status: 'pending', createdAt: ago(400) },
  ]);
  await eventually(async () => {
    expect(await inbox.distinct('_id')).toEqual(['recent']);
    expect(await outbox.distinct('_id')).toEqual(['pending', 'recent']);
  }, { timeoutMs: 20_000 });
});
