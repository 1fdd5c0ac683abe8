import { eventually } from '@shopfleet/testing';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { internalToken, startAuthService, tapEvents, type AuthService } from './auth-service.ts';
import { password, refreshTokenOf, Shopper } from './shopper.ts';

let auth: AuthService;
let shopper: Shopper;
let tap: Awaited<ReturnType<typeof tapEvents>>;

beforeAll(async () => {
  auth = await startAuthService();
  shopper = new Shopper(auth);
  tap = await tapEvents(auth.amqpUrl);
});

afterAll(() => auth.close());

describe('an account', () => {
  it('goes from registration to logout', async () => {
    const registered = await shopper.register('Ada@Example.com ');
    expect(registered.status).toBe(202);

    expect(await shopper.login('ada@example.com')).toMatchObject({ status: 403, body: { code: 'email-not-verified' } });
    const verified = await shopper.call('POST', '/api/auth/verify-email', { body: { token: await shopper.mailToken('ada@example.com') } });
    expect(verified).toMatchObject({ status: 200, body: { email: 'ada@example.com', emailVerified: true } });

    const login = await shopper.login('ADA@example.com');
    expect(login).toMatchObject({ status: 200, body: { tokenType: 'Bearer', expiresIn: 900, user: { email: 'ada@example.com', roles: ['customer'], emailVerified: true } } });
    expect(login.headers.get('set-cookie')).toMatch(/^__Secure-shopfleet-refresh=ses_[^;]+; Path=\/api\/auth; Expires=[^;]+; HttpOnly; Secure; SameSite=Strict$/u);
    expect(login.headers.get('cache-control')).toBe('private, no-store');
    const token = String(login.body['accessToken']);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'EdDSA', kid: 'first', typ: 'at+jwt' });
    expect(Number(decodeJwt(token).exp) - Number(decodeJwt(token).iat)).toBe(900);
    expect(decodeJwt(token)).toMatchObject({ email: 'ada@example.com', locale: 'en' });

    const me = await shopper.call('GET', '/api/auth/me', { token });
    expect(me).toMatchObject({ status: 200, body: { email: 'ada@example.com', name: 'Ada Byron', locale: 'en' } });
    expect(Object.keys(me.body).sort()).toEqual(['createdAt', 'email', 'emailVerified', 'id', 'locale', 'name', 'roles', 'version']);

    const refreshed = await shopper.call('POST', '/api/auth/refresh', { cookie: refreshTokenOf(login) });
    expect(refreshed.status).toBe(200);
    expect(refreshTokenOf(refreshed)).not.toBe(refreshTokenOf(login));
    expect((await shopper.call('GET', '/api/auth/me', { token: String(refreshed.body['accessToken']) })).status).toBe(200);

    const out = await shopper.call('POST', '/api/auth/logout', { cookie: refreshTokenOf(refreshed) });
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0');
    expect((await shopper.call('POST', '/api/auth/refresh', { cookie: refreshTokenOf(refreshed) })).status).toBe(401);
  });

  it('puts an outbox row beside the account and the event on the broker, without the token', async () => {
    await shopper.register('events@example.com', { locale: 'de-AT' });
    const account = await auth.collection<{ _id: string }>('accounts').findOne({ email: 'events@example.com' });
    const row = await auth.collection('outbox').findOne({ 'event.subject': account?._id });
    expect(row).toMatchObject({ event: { type: 'user.registered.v1', data: { userId: account?._id, contact: { email: 'events@example.com', locale: 'de-AT' }, name: 'Ada Byron' } } });
    const event = await eventually(async () => {
      const found = (await tap.read()).find(({ type, data }) => type === 'user.registered.v1' && data['userId'] === account?._id);
      if (found === undefined) throw new Error('not on the broker yet');
      return found;
    });
    expect(event.data['tokenRef']).toMatch(/^mal_[0-9a-f]{32}$/u);
    expect(JSON.stringify(event)).not.toContain(await shopper.mailToken('events@example.com'));
  });

  it('answers alike when the address is taken, and keeps the first account', async () => {
    await shopper.join('taken@example.com');
    const fresh = await shopper.register('free@example.com');
    const taken = await shopper.register('taken@example.com', { password: 'another long phrase', name: 'Mallory' });
    expect(taken.status).toBe(fresh.status);
    expect(JSON.stringify(taken.body).replace('taken', 'free')).toBe(JSON.stringify(fresh.body));
    expect((await shopper.login('taken@example.com', 'another long phrase')).status).toBe(401);
    expect((await shopper.login('taken@example.com')).status).toBe(200);
  });

  it('is made once when the same address registers 10 times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => shopper.register('race@example.com')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(await auth.collection('accounts').countDocuments({ email: 'race@example.com' })).toBe(1);
    expect(await auth.collection('mail_tokens').countDocuments({ userId: (await auth.collection<{ _id: string }>('accounts').findOne({ email: 'race@example.com' }))?._id })).toBe(1);
  });

  it('refuses members that nobody may set, unknown ones and operators', async () => {
    for (const more of [{ roles: ['admin'] }, { role: 'admin' }, { emailVerified: true }, { partnerId: 'prt_1' }, { _id: 'usr_1' }, { version: 7 }]) {
      expect(await shopper.register('mass@example.com', more)).toMatchObject({ status: 400, body: { code: 'validation-failed' } });
    }
    for (const body of ['{"email":"mass@example.com","password":"wolken treiben leise","name":"A","__proto__":{"roles":["admin"]}}', '{"email":{"$ne":null},"password":{"$ne":null}}', '[]', '{']) {
      expect((await shopper.call('POST', '/api/auth/register', { body })).status).toBe(400);
      expect((await shopper.call('POST', '/api/auth/login', { body })).status).toBe(400);
    }
    expect(await auth.collection('accounts').countDocuments({ email: 'mass@example.com' })).toBe(0);
    const { token } = await shopper.admitted('patch@example.com');
    for (const change of [{ roles: ['admin'] }, { email: 'x@example.com' }, { emailVerified: true }, {}]) {
      expect((await shopper.call('PATCH', '/api/auth/me', { token, body: change })).status).toBe(400);
    }
  });

  it('refuses passwords that are guessed first and takes long ones', async () => {
    expect(await shopper.register('weak@example.com', { password: 'Password1!' })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/password' }] } });
    expect(await shopper.register('weak@example.com', { password: 'short' })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/password' }] } });
    const long = `${'sehr langer Satz '.repeat(8)}!`;
    expect((await shopper.register('long@example.com', { password: long })).status).toBe(202);
    await shopper.call('POST', '/api/auth/verify-email', { body: { token: await shopper.mailToken('long@example.com') } });
    expect((await shopper.login('long@example.com', long)).status).toBe(200);
    expect((await shopper.login('long@example.com', long.slice(0, -1))).status).toBe(401);
  });

  it('changes its profile, guarded by If-Match where that is sent', async () => {
    const { token } = await shopper.admitted('profile@example.com');
    const before = await shopper.call('GET', '/api/auth/me', { token });
    const etag = before.headers.get('etag') ?? '';
    const changed = await shopper.call('PATCH', '/api/auth/me', { token, body: { name: 'Ada Lovelace' }, headers: { 'if-match': etag } });
    expect(changed).toMatchObject({ status: 200, body: { name: 'Ada Lovelace', locale: 'en' } });
    expect(changed.headers.get('etag')).not.toBe(etag);
    expect(await shopper.call('PATCH', '/api/auth/me', { token, body: { name: 'Lost' }, headers: { 'if-match': etag } })).toMatchObject({ status: 412, body: { code: 'precondition-failed' } });
  });

  it('takes a verification link twice but not a forged, foreign or expired one', async () => {
    await shopper.register('link@example.com');
    const token = await shopper.mailToken('link@example.com');
    const verify = (text: string) => shopper.call('POST', '/api/auth/verify-email', { body: { token: text } });
    expect((await verify(`${token.slice(0, -2)}xx`)).status).toBe(400);
    await auth.collection<{ _id: string }>('mail_tokens').updateOne({ _id: token.split('.')[0] ?? '' }, { $set: { expiresAt: new Date(0) } });
    expect((await verify(token)).status).toBe(400);
    await auth.collection<{ _id: string }>('mail_tokens').updateOne({ _id: token.split('.')[0] ?? '' }, { $set: { expiresAt: new Date(Date.now() + 60_000) } });
    expect((await verify(token)).status).toBe(200);
    expect((await verify(token)).status).toBe(200);
  });

  it('gets a new password by mail, which ends every session', async () => {
    const { cookie } = await shopper.admitted('reset@example.com');
    const known = await shopper.call('POST', '/api/auth/forgot-password', { body: { email: 'reset@example.com' } });
    const unknown = await shopper.call('POST', '/api/auth/forgot-password', { body: { email: 'nobody@example.com' } });
    expect(known.status).toBe(202);
    expect(JSON.stringify(unknown.body).replace('nobody', 'reset')).toBe(JSON.stringify(known.body));
    const token = await shopper.mailToken('reset@example.com', 'reset-password');
    const fresh = 'ein neuer langer Satz';
    expect((await shopper.call('POST', '/api/auth/verify-email', { body: { token } })).status).toBe(400);
    expect((await shopper.call('POST', '/api/auth/reset-password', { body: { token, password: fresh } })).status).toBe(204);
    expect((await shopper.call('POST', '/api/auth/reset-password', { body: { token, password: 'noch ein neuer Satz' } })).status).toBe(400);
    expect((await shopper.call('POST', '/api/auth/refresh', { cookie })).status).toBe(401);
    expect((await shopper.login('reset@example.com', password)).status).toBe(401);
    expect((await shopper.login('reset@example.com', fresh)).status).toBe(200);
  });
});

describe('mail tokens', () => {
  it('are given to services only, and not after use', async () => {
    await shopper.register('internal@example.com');
    const token = await shopper.mailToken('internal@example.com');
    const path = `/internal/mail-tokens/${token.split('.')[0]}`;
    expect(await shopper.call('GET', path, { headers: { 'x-internal-token': internalToken } })).toMatchObject({ status: 200, body: { token, purpose: 'verify-email' } });
    expect((await shopper.call('GET', path)).status).toBe(404);
    expect((await shopper.call('GET', path, { headers: { 'x-internal-token': 'wrong' } })).status).toBe(404);
    await shopper.call('POST', '/api/auth/verify-email', { body: { token } });
    expect((await shopper.call('GET', path, { headers: { 'x-internal-token': internalToken } })).status).toBe(404);
  });
});

describe('contacts', () => {
  it('name the address of a verified customer, to services only', async () => {
    await shopper.register('contact@example.com');
    await shopper.call('POST', '/api/auth/verify-email', { body: { token: await shopper.mailToken('contact@example.com') } });
    const { id } = (await shopper.login('contact@example.com')).body['user'] as { id: string };
    const headers = { 'x-internal-token': internalToken };
    expect(await shopper.call('GET', `/internal/contacts/${id}`, { headers })).toMatchObject({ status: 200, body: { email: 'contact@example.com', locale: 'en' } });
    expect((await shopper.call('GET', `/internal/contacts/${id}`, { headers: { 'x-internal-token': 'wrong' } })).status).toBe(404);
    expect((await shopper.call('GET', `/internal/contacts/usr_${'0'.repeat(32)}`, { headers })).status).toBe(404);
  });
});
