import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { settings } from '@shopfleet/local';
import { MongoClient } from 'mongodb';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { eventually, freshDatabase, freshRedis, freshVhost, killServer, restartServer } from '../src/index.ts';
import { redisCommand } from './redis-command.ts';

const servers = inject('servers');
const clients: MongoClient[] = [];

async function connect(uri: string): Promise<MongoClient> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5000 });
  clients.push(client);
  return client.connect();
}

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

describe('mongod', () => {
  it('commits a transaction over two collections, or neither', async () => {
    const client = await connect(freshDatabase());
    const db = client.db();
    await client.withSession((session) =>
      session.withTransaction(async () => {
        await db.collection('orders').insertOne({ number: 1 }, { session });
        await db.collection('outbox').insertOne({ type: 'order.placed.v1' }, { session });
      }),
    );
    const failing = client.withSession((session) =>
      session.withTransaction(async () => {
        await db.collection('orders').insertOne({ number: 2 }, { session });
        throw new Error('declined');
      }),
    );
    await expect(failing).rejects.toThrow('declined');
    expect(await db.collection('orders').countDocuments()).toBe(1);
    expect(await db.collection('outbox').countDocuments()).toBe(1);
  });

  it('compresses what it stores', async () => {
    const db = (await connect(freshDatabase())).db();
    await db.collection('orders').insertOne({ number: 1 });
    const [stats] = await db.collection('orders').aggregate<{ storageStats: { wiredTiger: { creationString: string } } }>([{ $collStats: { storageStats: {} } }]).toArray();
    expect(stats?.storageStats.wiredTiger.creationString).toContain('block_compressor=snappy');
  });

  it('tells of changes by a change stream', async () => {
    const collection = (await connect(freshDatabase())).db().collection('outbox');
    const stream = collection.watch();
    const seen: unknown[] = [];
    stream.on('change', (change) => seen.push(change.operationType));
    // The stream begins when the server has answered its first request: write until one is seen.
    await eventually(async () => {
      await collection.insertOne({ at: new Date() });
      await pause(20);
      expect(seen).toContain('insert');
    });
    await stream.close();
  });

  it('finds by a text index', async () => {
    const collection = (await connect(freshDatabase())).db().collection('products');
    await collection.createIndex({ name: 'text' });
    await collection.insertMany([{ name: 'walnut desk' }, { name: 'oak chair' }]);
    expect(await collection.find({ $text: { $search: 'walnut' } }).toArray()).toHaveLength(1);
  });

  it('gives each test a database of its own', async () => {
    const [first, second] = [freshDatabase(), freshDatabase()];
    await (await connect(first)).db().collection('a').insertOne({});
    expect(await (await connect(second)).db().collection('a').countDocuments()).toBe(0);
  });

  it('comes back with what it acknowledged before a kill', async () => {
    const uri = freshDatabase();
    const collection = (await connect(uri)).db().collection<{ _id: string }>('orders');
    const ids = Array.from({ length: 50 }, () => randomUUID());
    for (const _id of ids) await collection.insertOne({ _id }, { writeConcern: { w: 'majority', journal: true } });
    await killServer('mongod');
    await restartServer('mongod');
    const after = (await connect(uri)).db().collection<{ _id: string }>('orders');
    expect((await after.find().toArray()).map(({ _id }) => _id).sort()).toEqual(ids.sort());
  });
});

describe('redis', () => {
  it('divides the roles: the cache forgets, the state refuses', async () => {
    expect(await redisCommand(servers.redisCache, ['CONFIG', 'GET', 'maxmemory-policy'])).toContain('allkeys-lru');
    expect(await redisCommand(servers.redisCache, ['CONFIG', 'GET', 'appendonly'])).toContain('no');
    expect(await redisCommand(servers.redisState, ['CONFIG', 'GET', 'maxmemory-policy'])).toContain('noeviction');
    expect(await redisCommand(servers.redisState, ['CONFIG', 'GET', 'appendfsync'])).toContain('always');
  });

  it('gives each test an empty logical database', async () => {
    const [first, second] = [await freshRedis('state'), await freshRedis('state')];
    expect(first).not.toBe(second);
    await redisCommand(first, ['SET', 'cart', 'full']);
    expect(await redisCommand(second, ['DBSIZE'])).toBe(':0');
  });

  it('state keeps over a kill what it acknowledged', async () => {
    const url = await freshRedis('state');
    for (let line = 0; line < 50; line += 1) await redisCommand(url, ['RPUSH', 'cart', String(line)]);
    await killServer('redis-state');
    await expect(redisCommand(url, ['PING'])).rejects.toThrow();
    await restartServer('redis-state');
    expect(await redisCommand(url, ['LLEN', 'cart'])).toBe(':50');
  });

  it('cache comes back empty', async () => {
    const url = await freshRedis('cache');
    await redisCommand(url, ['SET', 'page', '1']);
    await killServer('redis-cache');
    await restartServer('redis-cache');
    expect(await redisCommand(url, ['DBSIZE'])).toBe(':0');
  });
});

describe('rabbitmq', () => {
  it('takes a login to a fresh virtual host, and refuses a wrong account', async () => {
    const url = await freshVhost();
    await settings.probeAmqp(url);
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(settings.probeAmqp(wrong.href)).rejects.toThrow(/ACCESS_REFUSED/);
  });

  it('keeps a durable message and its queue over a kill', async () => {
    const vhost = new URL(await freshVhost()).pathname.slice(1);
    await management('PUT', `/api/queues/${vhost}/orders`, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    const message = { properties: { delivery_mode: 2 }, routing_key: 'orders', payload: 'paid', payload_encoding: 'string' };
    expect(await management('POST', `/api/exchanges/${vhost}/amq.default/publish`, message)).toEqual({ routed: true });
    // The HTTP API publishes without confirms: a kill may only come once the queue has it.
    await eventually(async () => expect(await management('POST', `/api/queues/${vhost}/orders/get`, { count: 1, ackmode: 'ack_requeue_true', encoding: 'auto' })).toHaveLength(1));
    await killServer('rabbitmq');
    await restartServer('rabbitmq');
    const got = await eventually(async () => {
      const messages = (await management('POST', `/api/queues/${vhost}/orders/get`, { count: 1, ackmode: 'ack_requeue_true', encoding: 'auto' })) as { payload: string }[];
      expect(messages).toHaveLength(1);
      return messages;
    }, { timeoutMs: 20_000 });
    expect(got[0]?.payload).toBe('paid');
  }, 90_000);
});

async function management(method: string, path: string, body: unknown): Promise<unknown> {
  const { username, password, origin } = new URL(servers.rabbitmqManagement);
  const response = await fetch(`${origin}${path}`, {
    method,
    // A request that meets a quorum queue before it has elected its leader is never answered: ask again.
    signal: AbortSignal.timeout(3000),
    headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
