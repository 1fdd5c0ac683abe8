import { newId } from '@shopfleet/kernel';
import { migrate } from '@shopfleet/mongo';
import { freshDatabase } from '@shopfleet/testing';
import { MongoClient, type Db, type Document } from 'mongodb';
import type { Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { indexes } from '../src/indexes.ts';
import { OrdersRepository, type OrderPageRequest } from '../src/orders/orders.repository.ts';

/** Enough that a scan or a sort in memory would show, few enough for every test run; `npm run bench -- --only orders` has 1,000,000. */
const many = 20_000;
let client: MongoClient;
let db: Db;
let repository: OrdersRepository;
const start = Date.parse('2026-01-01T00:00:00Z');

beforeAll(async () => {
  const uri = freshDatabase();
  await migrate(uri, indexes);
  client = await MongoClient.connect(uri, { monitorCommands: true });
  db = client.db();
  repository = new OrdersRepository({ getClient: () => client } as unknown as Connection);
  const orders = Array.from({ length: many }, (_, n) => ({
    _id: newId('ord'),
    number: `SF-${n}`,
    effectKey: `key-${n}`,
    userId: n % 4 === 0 ? 'usr_busy' : `usr_${n % 500}`,
    status: n % 10 === 0 ? 'shipped' : 'paid',
    totals: { total: { amount: 1, currency: 'EUR' } },
    timeline: [],
    // Ten of each millisecond, so that the second half of the cursor has something to settle.
    createdAt: new Date(start + Math.floor(n / 10)),
  }));
  await db.collection<{ _id: string }>('orders').insertMany(orders);
});
afterAll(() => client.close());

/** What the server did for the last find. */
async function costOf(ask: () => Promise<unknown>): Promise<{ keys: number; documents: number; stages: string }> {
  let command: Document | undefined;
  const listen = (event: { commandName: string; command: Document }): void => void (event.commandName === 'find' && (command = event.command));
  client.on('commandStarted', listen);
  await ask();
  client.off('commandStarted', listen);
  const { filter, sort, limit } = command ?? {};
  const plan = await db.collection('orders').find(filter as Document).sort(sort as Document).limit(Number(limit)).explain('executionStats');
  return { keys: Number(plan['executionStats'].totalKeysExamined), documents: Number(plan['executionStats'].totalDocsExamined), stages: JSON.stringify(plan['queryPlanner'].winningPlan) };
}

const page = (overrides: Partial<OrderPageRequest> = {}): OrderPageRequest => ({ status: undefined, after: undefined, limit: 21, ...overrides });
const deep = { createdAt: new Date(start + 50), id: 'ord_ffffffffffffffffffffffffffffffff' };

it('a number belongs to one order', async () => {
  const twice = { _id: newId('ord'), number: 'SF-7', effectKey: 'key-twice', userId: 'usr_1', status: 'paid', createdAt: new Date(start) };
  await expect(db.collection<{ _id: string }>('orders').insertOne(twice)).rejects.toThrow(/duplicate key.*number/u);
});

describe('a page of orders', () => {
  it.each([
    ["a customer's, the first", () => repository.findPageByCustomer('usr_busy', page())],
    ["a customer's, near the end", () => repository.findPageByCustomer('usr_busy', page({ after: deep }))],
    ["a customer's of one status, near the end", () => repository.findPageByCustomer('usr_busy', page({ after: deep, status: 'shipped' }))],
    ["everybody's, the first", () => repository.findPageOfAll(page())],
    ["everybody's, near the end", () => repository.findPageOfAll(page({ after: deep }))],
    ["everybody's of one status, near the end", () => repository.findPageOfAll(page({ after: deep, status: 'shipped' }))],
  ])('%s, reads little more than it shows', async (_, ask) => {
    const { keys, documents, stages } = await costOf(ask);
    expect(keys).toBeLessThanOrEqual(45);
    expect(documents).toBeLessThanOrEqual(45);
    expect(stages).toContain('IXSCAN');
    expect(stages).not.toContain('"SORT"');
    expect(stages).not.toContain('COLLSCAN');
  });
});
