import { auditRecorded, exampleOf } from '@shopfleet/contracts';
import { RedisCacheClient } from '@shopfleet/redis';
import { eventually } from '@shopfleet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAuthService, tapEvents, type AuthService, type EventTap } from './auth-service.ts';
import { Shopper } from './shopper.ts';

let auth: AuthService;
let shopper: Shopper;
let tap: EventTap;

beforeAll(async () => {
  auth = await startAuthService();
  shopper = new Shopper(auth);
  tap = await tapEvents(auth.amqpUrl);
});

afterAll(() => auth.close());

const wrong = 'a wrong long password';
const from = (address: string): Record<string, string> => ({ 'x-real-ip': address });

describe('limits', () => {
  it('let one address make 100 requests, whatever it writes into X-Forwarded-For', async () => {
    const answers = [];
    for (let n = 0; n < 104; n += 1) answers.push(await shopper.call('GET', '/api/auth/me', { headers: { ...from('192.0.2.1'), 'x-forwarded-for': `203.0.113.${n}` } }));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(100);
    expect(answers.at(-1)).toMatchObject({ status: 429, body: { code: 'rate-limited' } });
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"default";q=100;w=900');
    expect(Number(answers.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await shopper.call('GET', '/.well-known/jwks.json', { headers: from('192.0.2.1') })).status).toBe(200);
    expect((await shopper.call('GET', '/api/auth/me', { headers: from('192.0.2.2') })).status).toBe(401);
  });

  it('lock an account softly after 10 wrong passwords from anywhere, and tell its owner', async () => {
    const { userId } = await shopper.admitted('locked@example.com');
    for (let n = 0; n < 10; n += 1) expect((await shopper.login('locked@example.com', wrong)).status).toBe(401);
    const refused = await shopper.login('locked@example.com');
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate-limited' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60);
    const event = await eventually(async () => {
      const found = (await tap.read()).find(({ type }) => type === 'user.locked.v1');
      if (found === undefined) throw new Error('not on the broker yet');
      return found;
    });
    expect(event.data).toMatchObject({ userId, contact: { email: 'locked@example.com' } });

    const token = await shopper.mailToken('locked@example.com', 'reset-password');
    expect((await shopper.call('POST', '/api/auth/reset-password', { body: { token, password: 'ein neuer langer Satz' } })).status).toBe(204);
    expect((await shopper.login('locked@example.com', 'ein neuer langer Satz')).status).toBe(200);
  });

  it('lock an address that does not exist alike', async () => {
    for (let n = 0; n < 10; n += 1) expect((await shopper.login('ghost@example.com', wrong)).status).toBe(401);
    expect((await shopper.login('ghost@example.com', wrong)).status).toBe(429);
  });

  it('stop one address after 20 wrong passwords over any accounts, and count no right ones', async () => {
    await shopper.join('right@example.com');
    for (let n = 0; n < 12; n += 1) expect((await shopper.login('right@example.com', undefined, from('192.0.2.9'))).status).toBe(200);
    for (let n = 0; n < 20; n += 1) expect((await shopper.login(`guess${n}@example.com`, wrong, from('192.0.2.9'))).status).toBe(401);
    const refused = await shopper.login('right@example.com', undefined, from('192.0.2.9'));
    expect(refused.status).toBe(429);
    // A quarter of an hour from the first of them.
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(900);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(600);
    expect((await shopper.login('right@example.com', undefined, from('192.0.2.10'))).status).toBe(200);
  });
});

describe('the audit trail', () => {
  it('takes what other services report, once', async () => {
    const event = exampleOf(auditRecorded, { id: 'evt_0192f7c1aaaa70008000000000000099', source: 'product' });
    await tap.publish(event);
    await tap.publish(event);
    const { token } = await shopper.admitted('auditor@example.com', ['admin']);
    await eventually(async () => {
      const { body } = await shopper.call('GET', `/api/auth/audit?target=${event.data.target}`, { token });
      expect(body['items']).toMatchObject([{ id: event.id, source: 'product', action: 'product.price-change', actor: event.data.actor.id, actorRoles: ['manager'], requestId: 'req-4f1c' }]);
    });
  });
});

describe('/me', () => {
  it('is read from the cache, where it lies for 300 s, and follows a change at once', async () => {
    const { token, userId } = await shopper.admitted('cached@example.com');
    expect((await shopper.call('GET', '/api/auth/me', { token })).body['name']).toBe('Ada Byron');
    const redis = new RedisCacheClient(process.env['REDIS_CACHE_URL'] ?? '');
    // Fresh for 300 s, give or take a tenth; a minute more to be given while it is read anew.
    const seconds = await eventually(async () => {
      const left = await redis.ttl(`cache:auth:answer:user:${userId}`);
      expect(left).toBeGreaterThan(0);
      return left;
    });
    expect([seconds > 200 + 60, seconds <= 330 + 60]).toEqual([true, true]);
    await redis.onApplicationShutdown();
    await auth.collection<{ _id: string }>('accounts').updateOne({ _id: userId }, { $set: { name: 'Behind its back' } });
    expect((await shopper.call('GET', '/api/auth/me', { token })).body['name']).toBe('Ada Byron');
    await shopper.call('PATCH', '/api/auth/me', { token, body: { name: 'Ada Lovelace' } });
    expect((await shopper.call('GET', '/api/auth/me', { token })).body['name']).toBe('Ada Lovelace');
  });
});
