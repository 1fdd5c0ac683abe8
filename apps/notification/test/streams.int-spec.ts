import { createHash } from 'node:crypto';
import { newId } from '@shopfleet/kernel';
import { RedisStateClient } from '@shopfleet/redis';
import { eventually, killServer, restartServer } from '@shopfleet/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { NotificationWorld, paid } from './notification-world.ts';
import { StreamClient, type Transport } from './stream-client.ts';

let world: NotificationWorld;
let clients: StreamClient[] = [];
beforeAll(async () => {
  world = await NotificationWorld.start();
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.stop()));
  clients = [];
});
afterAll(async () => {
  await world.close();
});

const ticketOf = async (userId: string): Promise<string> => {
  let answer = await world.request('/api/notifications/stream-tickets', { as: userId, method: 'POST' });
  // Tickets lie in Redis: after it was away a client is told to come again, and does.
  await eventually(async () => {
    if (answer.status === 503) answer = await world.request('/api/notifications/stream-tickets', { as: userId, method: 'POST' });
    expect(answer.status).toBe(201);
  });
  return ((await answer.json()) as { ticket: string }).ticket;
};
const clientOf = async (userId: string, transport: Transport, cursor?: string): Promise<StreamClient> => {
  const client = new StreamClient(transport, () => world.url, () => ticketOf(userId));
  client.cursor = cursor;
  clients.push(client);
  await client.start();
  return client;
};
const storedIds = async (userId: string): Promise<string[]> => (await world.notifications.find({ audience: `user:${userId}` }).sort({ seq: 1 }).toArray()).map(({ _id }) => _id);
const idsOf = (client: StreamClient): string[] => client.heard.map(({ id }) => id);

describe.each(['sse', 'ws'] as const)('a stream by %s', (transport) => {
  test('carries what its own user is told, in order, and nothing of anybody else', async () => {
    const [ada, eve] = [newId('usr'), newId('usr')];
    const [hers, other] = [await clientOf(ada, transport), await clientOf(eve, transport)];
    for (let n = 0; n < 5; n++) await world.publish(paid({ userId: ada }));
    await eventually(async () => expect(idsOf(hers)).toHaveLength(5));
    expect(idsOf(hers)).toEqual(await storedIds(ada));
    expect(hers.heard[0]).toMatchObject({ kind: 'order-paid' });
    expect(other.heard).toEqual([]);
  });

  test('goes on from its cursor after it broke off: nothing missed, nothing twice', async () => {
    const userId = newId('usr');
    const client = await clientOf(userId, transport);
    for (let n = 0; n < 12; n++) {
      await world.publish(paid({ userId }));
      if (n % 3 === 1) client.breakOff();
    }
    await eventually(async () => expect(await storedIds(userId)).toHaveLength(12));
    await eventually(async () => expect(idsOf(client)).toEqual(await storedIds(userId)));
    expect(client.connections).toBeGreaterThan(1);
  });

  test('begins after the list whose `since` it is given', async () => {
    const userId = newId('usr');
    await world.publish(paid({ userId }));
    await eventually(async () => expect(await storedIds(userId)).toHaveLength(1));
    const { since } = (await (await world.request('/api/notifications', { as: userId })).json()) as { since: string };
    await world.publish(paid({ userId }));
    await eventually(async () => expect(await storedIds(userId)).toHaveLength(2));
    const client = await clientOf(userId, transport, since);
    await eventually(async () => expect(idsOf(client)).toEqual((await storedIds(userId)).slice(1)));
  });

  test('hands over a long absence in pages', async () => {
    const userId = newId('usr');
    const now = new Date();
    const rows = Array.from({ length: 350 }, (_, n) => ({
      _id: newId('ntf'), audience: `user:${userId}` as const, seq: n + 1, kind: 'order-paid', title: 't', body: `${n}`, eventId: newId('evt'), createdAt: now, unread: true, readBy: [], expiresAt: new Date(now.getTime() + 60_000),
    }));
    await world.notifications.insertMany(rows);
    await world.counters.insertOne({ _id: `user:${userId}`, seq: rows.length });
    const client = await clientOf(userId, transport, 'me=0');
    await eventually(() => expect(idsOf(client)).toEqual(rows.map(({ _id }) => _id)));
  });
});

test('what staff are told reaches every one of them', async () => {
  const client = new StreamClient('sse', () => world.url, async () => {
    const answer = await world.request('/api/notifications/stream-tickets', { as: newId('usr'), roles: ['manager'], method: 'POST' });
    return ((await answer.json()) as { ticket: string }).ticket;
  });
  clients.push(client);
  await client.start();
  const sku = await world.publishLowStock();
  await eventually(() => expect(client.heard).toMatchObject([{ kind: 'stock-low', body: `${sku}: 2 left, the mark is 5.` }]));
});

test('while Redis is away nothing is missed: the database is looked at', { timeout: 60_000 }, async () => {
  const userId = newId('usr');
  const client = await clientOf(userId, 'sse');
  await killServer('redis-state');
  try {
    await world.publish(paid({ userId }));
    await eventually(() => expect(client.heard).toHaveLength(1), { timeoutMs: 15_000 });
  } finally {
    await restartServer('redis-state');
  }
  await world.publish(paid({ userId }));
  await eventually(() => expect(client.heard).toHaveLength(2), { timeoutMs: 15_000 });
});

test('a ticket waits 30 s, and no longer', async () => {
  // The connection to redis-state, which was killed above, may not be back yet.
  const { ticket, expiresIn } = await eventually(async () => {
    const issued = await world.request('/api/notifications/stream-tickets', { as: newId('usr'), method: 'POST' });
    expect(issued.status).toBe(201);
    return (await issued.json()) as { ticket: string; expiresIn: number };
  }, { timeoutMs: 15_000 });
  expect(expiresIn).toBe(30);
  const redis = new RedisStateClient(world.redisUrl);
  const key = `stream-ticket:${createHash('sha256').update(ticket).digest('base64url')}`;
  await eventually(async () => expect(await redis.exists(key)).toBe(1));
  expect(await redis.ttl(key)).toBeLessThanOrEqual(30);
  // As after that time.
  await redis.del(key);
  expect((await fetch(`${world.url}/api/notifications/stream?ticket=${ticket}`)).status).toBe(401);
  await redis.onApplicationShutdown();
});

test('a ticket opens one stream, once, and is for whoever asked for it', async () => {
  const ticket = await ticketOf(newId('usr'));
  const path = `/api/notifications/stream?ticket=${ticket}`;
  const first = await fetch(`${world.url}${path}`);
  expect(first.status).toBe(200);
  expect(first.headers.get('content-type')).toContain('text/event-stream');
  const second = await fetch(`${world.url}${path}`);
  expect(second.status).toBe(401);
  expect(await second.json()).toMatchObject({ code: 'unauthenticated' });
  await first.body?.cancel();
  expect((await fetch(`${world.url}/api/notifications/stream`)).status).toBe(400);
  expect((await fetch(`${world.url}/api/notifications/stream?ticket=${'x'.repeat(32)}`)).status).toBe(401);
  expect((await world.request('/api/notifications/stream-tickets', { method: 'POST' })).status).toBe(401);
  const unspent = `${world.url}/api/notifications/stream?ticket=${await ticketOf(newId('usr'))}`;
  const wrongCursor = await fetch(`${unspent}&since=nonsense`);
  expect(await wrongCursor.json()).toMatchObject({ status: 400, errors: [expect.objectContaining({ message: expect.stringContaining('me=12') as string })] });
  const corrected = await fetch(`${unspent}&since=me=0`);
  expect(corrected.status).toBe(200);
  await corrected.body?.cancel();
});

test('a WebSocket without ticket, on another path, or from a foreign page is refused with a reason', async () => {
  const refusal = (path: string, headers: Record<string, string> = {}) =>
    new Promise<number>((resolve, reject) => {
      const socket = new WebSocket(`${world.url.replace(/^http/u, 'ws')}${path}`, { headers });
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.once('open', () => reject(new Error('it was opened')));
      socket.once('error', reject);
    });
  expect(await refusal('/api/notifications/ws')).toBe(400);
  const plain = await new Promise<{ header: unknown; body: string }>((resolve, reject) => {
    const socket = new WebSocket(`${world.url.replace(/^http/u, 'ws')}/api/notifications/ws`, { headers: { 'x-request-id': 'given-by-nginx' } });
    socket.once('unexpected-response', (_request, response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (piece: string) => (body += piece)).on('end', () => resolve({ header: response.headers['x-request-id'], body }));
    });
    socket.once('error', reject);
  });
  expect([plain.header, JSON.parse(plain.body)]).toEqual(['given-by-nginx', expect.objectContaining({ requestId: 'given-by-nginx' })]);
  expect(await refusal('/elsewhere')).toBe(404);
  const ticket = await ticketOf(newId('usr'));
  expect(await refusal(`/api/notifications/ws?ticket=${ticket}`, { origin: 'https://evil.example' })).toBe(403);
  expect(await refusal(`/api/notifications/ws?ticket=${'y'.repeat(32)}`)).toBe(401);
});
