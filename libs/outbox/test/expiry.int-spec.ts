import { eventually, freshDatabase } from '@shopfleet/testing';
import { migrate } from '@shopfleet/mongo';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { inboxCollection, outboxCollection, outboxIndexes } from '../src/index.ts';

const day = 24 * 3_600_000;
const ago = (days: number): Date => new Date(Date.now() - days * day);

// The server's monitor passes once a minute (a shorter setting counts only from its next pass on), through the databases of
// all tests before this one.
const patienceMs = 150_000;

let client: MongoClient;

beforeEach(async () => {
  const uri = freshDatabase();
  await migrate(uri, outboxIndexes);
  client = await MongoClient.connect(uri);
});
afterEach(() => client.close());

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
  }, { timeoutMs: patienceMs });
}, patienceMs + 10_000);
