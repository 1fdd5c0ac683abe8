import { eventually } from '@shopfleet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAuthService, tapEvents, type AuthService } from './auth-service.ts';
import { password, Shopper } from './shopper.ts';

let auth: AuthService;
let shopper: Shopper;

beforeAll(async () => {
  auth = await startAuthService();
  shopper = new Shopper(auth);
});

afterAll(() => auth.close());

const home = { name: 'Ada Byron', line1: '12 Analytical Row', line2: 'Left', city: 'London', postalCode: 'N1 1AA', country: 'GB' };
const path = '/api/auth/me/addresses';

describe('addresses', () => {
  it('are kept, corrected against the version that was read, and deleted', async () => {
    const { token } = await shopper.admitted('addresses@example.com');
    const added = await shopper.call('POST', path, { token, body: home });
    expect(added).toMatchObject({ status: 201, body: { ...home, version: 1 } });
    const one = added.headers.get('location') ?? '';
    const { line2: _, ...short } = home;
    const put = (headers: Record<string, string>) => shopper.call('PUT', one, { token, body: { ...short, city: 'Leeds' }, headers });
    expect((await put({})).status).toBe(428);
    const corrected = await put({ 'if-match': added.headers.get('etag') ?? '' });
    expect(corrected).toMatchObject({ status: 200, body: { city: 'Leeds', version: 2 } });
    expect(corrected.body).not.toHaveProperty('line2');
    expect((await put({ 'if-match': added.headers.get('etag') ?? '' })).status).toBe(412);
    expect((await shopper.call('GET', path, { token })).body['items']).toEqual([corrected.body]);
    expect((await shopper.call('DELETE', one, { token })).status).toBe(428);
    expect((await shopper.call('DELETE', one, { token, headers: { 'if-match': '"2"' } })).status).toBe(204);
    expect((await shopper.call('GET', one, { token })).status).toBe(404);
  });

  it('of somebody else are not there, whatever the verb', async () => {
    const ada = await shopper.admitted('ada@example.com');
    const eve = await shopper.admitted('eve@example.com');
    const one = (await shopper.call('POST', path, { token: ada.token, body: home })).headers.get('location') ?? '';
    const headers = { 'if-match': '"1"' };
    expect((await shopper.call('GET', one, { token: eve.token })).status).toBe(404);
    expect((await shopper.call('PUT', one, { token: eve.token, body: home, headers })).status).toBe(404);
    expect((await shopper.call('DELETE', one, { token: eve.token, headers })).status).toBe(404);
    expect((await shopper.call('GET', one, { token: ada.token })).status).toBe(200);
  });

  it('take no foreign members and are bounded in number', async () => {
    const { token } = await shopper.admitted('many@example.com');
    for (const more of [{ userId: 'usr_1' }, { version: 9 }, { country: 'Germany' }, { _id: 'adr_1' }]) expect((await shopper.call('POST', path, { token, body: { ...home, ...more } })).status).toBe(400);
    for (let n = 0; n < 20; n += 1) expect((await shopper.call('POST', path, { token, body: home })).status).toBe(201);
    expect(await shopper.call('POST', path, { token, body: home })).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });
});

describe('personal data', () => {
  it('can be exported without hashes, and erased with an event', async () => {
    const tap = await tapEvents(auth.amqpUrl);
    const { token, cookie, userId } = await shopper.admitted('leaving@example.com');
    await shopper.call('POST', path, { token, body: home });
    const exported = await shopper.call('GET', '/api/auth/me/export', { token });
    expect(exported).toMatchObject({ status: 200, body: { account: { id: userId }, addresses: [home], sessions: [{}] } });
    expect(JSON.stringify(exported.body)).not.toContain('argon2');

    expect((await shopper.call('DELETE', '/api/auth/me', { token })).status).toBe(400);
    expect(await shopper.call('DELETE', '/api/auth/me', { token, body: { password: 'a guess of a thief' } })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await shopper.call('GET', '/api/auth/me', { token })).status).toBe(200);
    expect((await shopper.call('DELETE', '/api/auth/me', { token, body: { password } })).status).toBe(204);
    expect((await shopper.call('GET', '/api/auth/me', { token })).status).toBe(401);
    expect((await shopper.call('POST', '/api/auth/refresh', { cookie })).status).toBe(401);
    expect((await shopper.login('leaving@example.com')).status).toBe(401);
    expect(await auth.collection('accounts').countDocuments({ email: 'leaving@example.com' })).toBe(0);
    expect(await auth.collection('addresses').countDocuments({ userId })).toBe(0);
    expect(await auth.collection('sessions').countDocuments({ userId })).toBe(0);
    await eventually(async () => {
      expect((await tap.read()).filter(({ type }) => type === 'user.erased.v1').map(({ data }) => data)).toEqual([{ userId }]);
    });
    expect((await shopper.register('leaving@example.com')).status).toBe(202);
  });
});
