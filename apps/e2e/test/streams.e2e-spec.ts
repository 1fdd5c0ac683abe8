import { createEvent, orderPaid } from '@shopfleet/contracts';
import { newId } from '@shopfleet/kernel';
import { EventPublisher } from '@shopfleet/messaging';
import { importJWK, SignJWT, type JWK } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runFile } from '../src/access-rules.ts';
import { pm2, untilReady, workersOf } from '../src/operator.ts';
import { waitFor } from '../src/shop.ts';
import { StreamClient } from '../src/stream-client.ts';

// The long form is STREAM_CLIENTS=1000 (of each kind).
const clientsOfEach = Number(process.env['STREAM_CLIENTS'] ?? 50);
const rounds = 4;
const app = 'notification-service';

const environment = runFile().apps[app] ?? {};
const clients: { readonly userId: string; readonly client: StreamClient; readonly orders: string[] }[] = [];
let publisher: EventPublisher;
let workersBefore: number;

beforeAll(async () => {
  workersBefore = (await workersOf(app)).length;
  if (workersBefore !== 2) await pm2('scale', app, '2');
  await untilReady(app, 2);
  publisher = new EventPublisher({ url: runFile().operator['RABBITMQ_URL'] ?? '', service: 'test' });
  await waitFor('the broker', () => Promise.resolve(publisher.available || undefined));
});
afterAll(async () => {
  await Promise.all(clients.map(({ client }) => client.stop()));
  await publisher.onApplicationShutdown();
  if (workersBefore !== 2) await pm2('scale', app, String(workersBefore));
});

/** An access token as auth issues it, for somebody who never logged in: a thousand log-ins are another test. */
async function accessToken(userId: string): Promise<string> {
  const auth = runFile().apps['auth-service'] ?? {};
  const [jwk] = JSON.parse(auth['AUTH_SIGNING_KEYS'] ?? '[]') as (JWK & { kid: string })[];
  if (jwk === undefined) throw new Error('the run file has no signing key');
  return new SignJWT({ sid: 'ses_test', roles: ['customer'] })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: jwk.kid })
    .setIssuer(environment['PUBLIC_URL'] ?? '').setAudience('shopfleet').setSubject(userId).setIssuedAt().setExpirationTime('15m')
    .sign(await importJWK(jwk, 'EdDSA'));
}

async function orderFor({ userId, orders }: (typeof clients)[number]): Promise<void> {
  const orderId = newId('ord');
  orders.push(orderId);
  const event = createEvent(orderPaid, { source: 'order', subject: orderId, data: { ...orderPaid.example, orderId, userId, contact: { email: `${userId}@example.com`, locale: 'en' } } });
  const { failed } = await publisher.publish([event]);
  expect(failed).toEqual([]);
}

test(`${clientsOfEach} pages by SSE and ${clientsOfEach} by WebSocket hear all that is theirs and nothing else, through a reload of both workers`, { timeout: 900_000 }, async () => {
  for (let n = 0; n < 2 * clientsOfEach; n += 1) {
    const userId = newId('usr');
    clients.push({ userId, orders: [], client: new StreamClient(n % 2 === 0 ? 'sse' : 'ws', await accessToken(userId)) });
  }
  for (let from = 0; from < clients.length; from += 50) await Promise.all(clients.slice(from, from + 50).map(({ client }) => client.start()));

  const telling = (async () => {
    for (let round = 0; round < rounds; round += 1) {
      for (let from = 0; from < clients.length; from += 25) await Promise.all(clients.slice(from, from + 25).map(orderFor));
    }
  })();
  await pm2('reload', app);
  await telling;
  await untilReady(app, 2);
  for (const each of clients) await orderFor(each);

  const missing = (): string[] => clients.flatMap(({ userId, orders, client }) => orders.filter((orderId) => !client.orders.has(orderId)).map((orderId) => `${client.transport} ${userId} ${orderId}`));
  // How long all of them take depends on the machine; that they go on coming does not.
  for (let left = missing().length; left > 0; left = missing().length) {
    await waitFor('a further notification', () => Promise.resolve(missing().length < left || undefined), 60).catch(() => expect(missing()).toEqual([]));
  }
  for (const { orders, client } of clients) {
    expect([...client.orders].sort(), 'nothing of anybody else').toEqual([...orders].sort());
    expect(new Set(client.heard).size, 'nothing twice').toBe(client.heard.length);
  }
  expect(clients.filter(({ client }) => client.connections < 2), 'each was moved to another worker by the reload').toEqual([]);
});
