import { createECDH, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEvent, imageFailed, imageProcessed, stockLow } from '@shopfleet/contracts';
import { newId } from '@shopfleet/kernel';
import { eventually } from '@shopfleet/testing';
import { verifyWebhook } from '@shopfleet/webhooks';
import { jwtVerify, importJWK } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { NotificationWorld, paid } from './notification-world.ts';

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

let world: NotificationWorld;
let outside: Server;
let origin: string;
let received: Received[] = [];
let status = 201;

beforeAll(async () => {
  outside = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
  world = await NotificationWorld.start({ environment: { ALERT_WEBHOOK_URL: `${origin}/alerts`, ESCALATION_EMAIL: 'boss@example.com' } });
});
beforeEach(() => {
  received = [];
  status = 201;
});
afterAll(async () => {
  await world.close();
  outside.closeAllConnections();
  await new Promise((resolve) => outside.close(resolve));
});

const json = async <T>(answer: Promise<Response>): Promise<T> => (await (await answer).json()) as T;

/** A browser's half of a push subscription (RFC 8291). */
function browser(path: string) {
  const ecdh = createECDH('prime256v1');
  ecdh.generateKeys();
  const auth = randomBytes(16);
  return {
    subscription: { endpoint: `${origin}${path}`, keys: { p256dh: ecdh.getPublicKey().toString('base64url'), auth: auth.toString('base64url') } },
    read: (body: Buffer): unknown => {
      const [salt, keyLength] = [body.subarray(0, 16), body[20] ?? 0];
      const sender = body.subarray(21, 21 + keyLength);
      const secret = ecdh.computeSecret(sender);
      const info = Buffer.concat([Buffer.from('WebPush: info\0'), ecdh.getPublicKey(), sender]);
      const key = Buffer.from(hkdfSync('sha256', secret, auth, info, 32));
      const derive = (label: string, bytes: number) => Buffer.from(hkdfSync('sha256', key, salt, Buffer.from(`Content-Encoding: ${label}\0`), bytes));
      const sealed = body.subarray(21 + keyLength);
      const decipher = createDecipheriv('aes-128-gcm', derive('aes128gcm', 16), derive('nonce', 12));
      decipher.setAuthTag(sealed.subarray(-16));
      const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
      return JSON.parse(padded.subarray(0, padded.lastIndexOf(2)).toString('utf8'));
    },
  };
}

describe('push messages', () => {
  const subscribe = async (userId: string, path = '/push/1') => {
    const one = browser(path);
    const answer = await world.request('/api/notifications/push-subscriptions', { as: userId, method: 'POST', body: one.subscription });
    expect(answer.status).toBe(201);
    return { ...one, id: ((await answer.json()) as { id: string }).id };
  };

  test('reach a browser that only it can read, signed by the shop, once per event', async () => {
    const userId = newId('usr');
    const { read } = await subscribe(userId);
    const event = paid({ userId });
    await world.publish(event, 3);
    await eventually(() => expect(received).toHaveLength(1));
    const [message] = received;
    expect(read(message?.body ?? Buffer.alloc(0))).toMatchObject({ kind: 'order-paid', title: 'Order confirmed', link: `/api/orders/${event.data.orderId}` });
    const { publicKey } = await json<{ publicKey: string }>(world.request('/api/notifications/push-key'));
    const token = /^vapid t=([^,]+), k=(.+)$/u.exec(message?.headers.authorization ?? '');
    expect(token?.[2]).toBe(publicKey);
    const point = Buffer.from(publicKey, 'base64url');
    const key = await importJWK({ kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') }, 'ES256');
    const { payload } = await jwtVerify(token?.[1] ?? '', key, { audience: origin });
    expect(payload.sub).toBe('mailto:operator@shopfleet.example');
    await world.settled();
    expect(received).toHaveLength(1);
  });

  test('end with the subscription: a browser that is gone is forgotten', async () => {
    const userId = newId('usr');
    await subscribe(userId);
    status = 410;
    await world.publish(paid({ userId }));
    await eventually(async () => expect(await json(world.request('/api/notifications/push-subscriptions', { as: userId }))).toEqual({ items: [] }));
  });

  test('are tried again when the push service is down, and mails do not wait for it', async () => {
    const userId = newId('usr');
    await subscribe(userId);
    status = 503;
    const event = paid({ userId });
    await world.publish(event);
    await eventually(async () => expect(await world.mailbox.mailsTo(event.data.contact.email)).toHaveLength(1));
    await eventually(async () => expect(await world.deliveries.findOne({ owner: `user:${userId}` })).toMatchObject({ state: 'pending', attempts: 1, tries: [{ status: 503 }] }));
    status = 201;
    await eventually(async () => expect(await world.deliveries.findOne({ owner: `user:${userId}` })).toMatchObject({ state: 'delivered', attempts: 2 }), { timeoutMs: 25_000 });
  });

  test('are refused to addresses inside, to strangers, and end on request', async () => {
    const userId = newId('usr');
    const inside = { ...browser('/').subscription, endpoint: 'https://10.0.0.1/push' };
    const refused = await world.request('/api/notifications/push-subscriptions', { as: userId, method: 'POST', body: inside });
    expect(await json(Promise.resolve(refused))).toMatchObject({ status: 400, errors: [{ pointer: '/endpoint' }] });
    const { id } = await subscribe(userId);
    const path = `/api/notifications/push-subscriptions/${id}`;
    expect((await world.request(path, { as: newId('usr'), method: 'DELETE' })).status).toBe(404);
    expect((await world.request(path, { as: userId, method: 'DELETE' })).status).toBe(204);
    await world.publish(paid({ userId }));
    await world.settled();
    expect(received).toEqual([]);
  });
});

describe("a merchant's webhook", () => {
  const merchant = (partnerId: string) => ({ as: newId('usr'), roles: ['partner-owner'], partnerId });
  const add = async (who: ReturnType<typeof merchant>, path = '/hook', events = ['order.paid.v1']) => {
    const answer = await world.request('/api/notifications/webhooks', { ...who, method: 'POST', body: { url: `${origin}${path}`, events } });
    expect(answer.status).toBe(201);
    return (await answer.json()) as { id: string; secret: string };
  };
  const orderOf = (...partners: string[]) => {
    const event = paid();
    const [line] = event.data.lines;
    if (line === undefined) throw new Error('the example has a line');
    return { ...event, data: { ...event.data, lines: partners.map((partnerId, n) => ({ ...line, sku: `SKU-${n}`, partnerId })) } };
  };

  test('gets its own lines of a paid order, signed, and nothing about the buyer', async () => {
    const [ours, theirs] = [newId('par'), newId('par')];
    const { secret } = await add(merchant(ours));
    const event = orderOf(ours, theirs);
    await world.publish(event, 2);
    await eventually(() => expect(received).toHaveLength(1));
    const { headers, body } = received[0] ?? { headers: {} as IncomingHttpHeaders, body: Buffer.alloc(0) };
    verifyWebhook([secret], { id: String(headers['webhook-id']), signature: String(headers['webhook-signature']), body }, Date.now());
    const posted = JSON.parse(body.toString('utf8')) as { type: string; data: { lines: { sku: string }[] } };
    expect(posted).toMatchObject({ id: event.id, type: 'order.paid.v1', data: { orderId: event.data.orderId } });
    expect(posted.data.lines.map(({ sku }) => sku)).toEqual(['SKU-0']);
    expect(body.toString('utf8')).not.toContain(event.data.contact.email);
    expect(body.toString('utf8')).not.toContain(theirs);
  });

  test('hears of the stock and the pictures of its own products', async () => {
    const [ours, theirs] = [newId('par'), newId('par')];
    const [lamp, vase] = [newId('prd'), newId('prd')];
    world.auth.owners.set(lamp, ours).set(vase, theirs);
    await add(merchant(ours), '/ours', ['image.processed.v1', 'image.failed.v1', 'stock.low.v1']);
    const about = (productId: string) => [
      createEvent(stockLow, { source: 'product', subject: 'SKU', data: { sku: 'SKU', productId, available: 1, lowAt: 5 } }),
      createEvent(imageProcessed, { source: 'product', subject: productId, data: { ...imageProcessed.example, productId } }),
      createEvent(imageFailed, { source: 'product', subject: productId, data: { productId, imageId: newId('img'), reason: 'It is no picture.' } }),
    ];
    for (const event of [...about(vase), ...about(newId('prd')), ...about(lamp)]) await world.publish(event);
    await eventually(() => expect(received).toHaveLength(3));
    const posted = received.map(({ body }) => JSON.parse(body.toString('utf8')) as { type: string; data: { productId: string } });
    expect(posted.map(({ type, data }) => `${type} ${data.productId}`).toSorted()).toEqual(['image.failed.v1', 'image.processed.v1', 'stock.low.v1'].map((type) => `${type} ${lamp}`));
  });

  test('is tried again under the same id, its deliveries are listed, and a redelivery comes on request', async () => {
    const who = merchant(newId('par'));
    const { id } = await add(who);
    status = 500;
    await world.publish(orderOf(who.partnerId));
    const list = async () => (await json<{ items: { id: string; state: string; attempts: number; tries: { status?: number }[] }[] }>(world.request(`/api/notifications/webhooks/deliveries?endpointId=${id}`, who))).items;
    await eventually(async () => expect(await list()).toMatchObject([{ state: 'pending', attempts: 1, tries: [{ status: 500 }] }]));
    const waiting = await world.deliveries.findOne({ target: id });
    expect(Number(waiting?.giveUpAt) - Number(waiting?.createdAt), 'it is tried for a day').toBe(24 * 3_600_000);
    status = 204;
    await eventually(async () => expect(await list()).toMatchObject([{ state: 'delivered', attempts: 2 }]), { timeoutMs: 25_000 });
    const [delivery] = await list();
    const again = await world.request(`/api/notifications/webhooks/deliveries/${delivery?.id}/redeliver`, { ...who, method: 'POST' });
    expect(again.status).toBe(202);
    await eventually(() => expect(received).toHaveLength(3));
    expect(new Set(received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([delivery?.id]));
    expect((await world.request(`/api/notifications/webhooks/deliveries/${delivery?.id}/redeliver`, { ...merchant(newId('par')), method: 'POST' })).status).toBe(404);
  }, 45_000);

  test('is listed page by page, also where several endpoints got theirs in one instant', async () => {
    const who = merchant(newId('par'));
    const createdAt = new Date();
    const ids = ['a', 'b', 'c'].map((letter) => `dlv_${letter.repeat(32)}`);
    const row = { channel: 'webhook' as const, target: newId('whe'), owner: `partner:${who.partnerId}`, kind: 'order.paid.v1', body: '{}', state: 'delivered' as const, attempts: 1, round: 0, tries: [] };
    const times = { createdAt, nextAttemptAt: createdAt, claimedUntil: createdAt, giveUpAt: createdAt, expiresAt: new Date(createdAt.getTime() + 60_000) };
    await world.deliveries.insertMany(ids.map((_id) => ({ _id, ...row, ...times })));
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { items: { id: string }[]; nextCursor: string | null } = await json(world.request(`/api/notifications/webhooks/deliveries?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`, who));
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(ids.toReversed());
    const wrong = await world.request('/api/notifications/webhooks/deliveries?cursor=nonsense', who);
    expect([wrong.status, await wrong.json()]).toMatchObject([400, { errors: [{ pointer: '/cursor' }] }]);
  });

  test('is its owner’s alone: changed, paused, given a new secret, removed', async () => {
    const who = merchant(newId('par'));
    const { id, secret } = await add(who);
    const path = `/api/notifications/webhooks/${id}`;
    for (const method of ['GET', 'DELETE']) expect((await world.request(path, { ...merchant(newId('par')), method })).status, method).toBe(404);
    expect((await world.request(path, { ...merchant(newId('par')), method: 'PATCH', body: { active: false } })).status).toBe(404);
    expect((await world.request('/api/notifications/webhooks', { as: newId('usr') })).status).toBe(403);
    expect(await json(world.request(path, who))).not.toHaveProperty('secret');
    const changed = await json<{ secret: string }>(world.request(path, { ...who, method: 'PATCH', body: { newSecret: true } }));
    expect(changed.secret).not.toBe(secret);
    await world.request(path, { ...who, method: 'PATCH', body: { active: false } });
    await world.publish(orderOf(who.partnerId));
    await world.settled();
    expect(received).toEqual([]);
    expect((await world.request(path, { ...who, method: 'DELETE' })).status).toBe(204);
    expect((await world.request(path, who)).status).toBe(404);
  });

  test.each(['https://10.0.0.1/x', 'http://169.254.169.254/latest', 'https://[::1]/', 'https://2130706434/', 'ftp://example.com/'])('cannot be %s', async (url) => {
    const answer = await world.request('/api/notifications/webhooks', { ...merchant(newId('par')), method: 'POST', body: { url, events: ['order.paid.v1'] } });
    expect(answer.status).toBe(400);
  });

  test('that fails does not hold up another', async () => {
    const [bad, good] = [merchant(newId('par')), merchant(newId('par'))];
    const closed = await json<{ id: string }>(world.request('/api/notifications/webhooks', { ...bad, method: 'POST', body: { url: 'http://127.0.0.1:9/', events: ['order.paid.v1'] } }));
    await add(good, '/good');
    for (let n = 0; n < 20; n++) await world.publish(orderOf(bad.partnerId));
    await world.publish(orderOf(good.partnerId));
    await eventually(() => expect(received.map(({ path }) => path)).toEqual(['/good']));
    // The breaker: of twenty deliveries to it most were not even tried.
    await eventually(async () => expect(await world.deliveries.countDocuments({ target: closed.id, attempts: 0, round: { $gte: 0 } })).toBeGreaterThan(5));
  });
});

describe('an alert', () => {
  const alert = (status: string, startsAt = new Date()) => ({
    receiver: 'shop', status, alerts: [{ status, labels: { alertname: 'MemoryHigh', severity: 'critical' }, annotations: { summary: 'Memory > 95 %' }, startsAt: startsAt.toISOString(), endsAt: '0001-01-01T00:00:00Z', generatorURL: 'http://p', fingerprint: newId('fp') }],
  });

  test('goes to operations by mail, by webhook and into the list of every admin, once however often it is posted', async () => {
    const body = alert('firing');
    for (let n = 0; n < 3; n++) expect((await world.request('/internal/alerts', { internal: true, method: 'POST', body })).status).toBe(204);
    await eventually(async () => expect((await world.mailbox.mailsTo('ops@example.com')).map(({ subject }) => subject)).toEqual(['Alert: MemoryHigh']));
    await eventually(() => expect(received.filter(({ path }) => path === '/alerts')).toHaveLength(1));
    expect(JSON.parse(String(received[0]?.body))).toMatchObject({ type: 'ops.alert', data: { name: 'MemoryHigh', severity: 'critical' } });
    const { items } = await json<{ items: { kind: string; title: string }[] }>(world.request('/api/notifications', { as: newId('usr'), roles: ['super-admin'] }));
    expect(items.filter(({ kind }) => kind === 'ops-alert')).toMatchObject([{ title: 'Alert: MemoryHigh' }]);
  });

  test('that stays is told again at each level, once, and at the third to one more', async () => {
    const [began, stays] = [new Date(), (minutes: number) => new Date(Date.now() - minutes * 60_000)];
    const post = (startsAt: Date, fingerprint: string) => {
      const body = alert('firing', startsAt);
      return world.request('/internal/alerts', { internal: true, method: 'POST', body: { ...body, alerts: body.alerts.map((one) => ({ ...one, fingerprint, labels: { ...one.labels, alertname: 'PoolExhausted' } })) } });
    };
    for (const startsAt of [began, stays(11), stays(31)]) expect((await post(startsAt, newId('fp'))).status).toBe(204);
    await eventually(async () =>
      expect((await world.mailbox.mailsTo('ops@example.com')).map(({ subject }) => subject).filter((subject) => subject.includes('PoolExhausted')).sort()).toEqual(['Alert, level 2: PoolExhausted', 'Alert, level 3: PoolExhausted', 'Alert: PoolExhausted']),
    );
    await eventually(async () => expect((await world.mailbox.mailsTo('boss@example.com')).map(({ subject }) => subject)).toEqual(['Alert, level 3: PoolExhausted']));
  });

  test('is taken from inside only', async () => {
    expect((await world.request('/internal/alerts', { method: 'POST', body: alert('firing') })).status).toBe(404);
  });
});
