import { createHmac, createPublicKey } from 'node:crypto';
import { exportJWK, generateKeyPair, importJWK, SignJWT, type CryptoKey, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicUrl, signingKey, startAuthService, type AuthService } from './auth-service.ts';
import { refreshTokenOf, Shopper, type Answer } from './shopper.ts';

let auth: AuthService;
let shopper: Shopper;

beforeAll(async () => {
  auth = await startAuthService();
  shopper = new Shopper(auth);
});

afterAll(() => auth.close());

const refresh = (cookie: string, headers: Record<string, string> = {}): Promise<Answer> => shopper.call('POST', '/api/auth/refresh', { cookie, headers });

async function ageRotation(cookie: string, ms: number): Promise<void> {
  const sessions = auth.collection<{ _id: string; rotatedAt: Date }>('sessions');
  const session = await sessions.findOne({ _id: cookie.split('.')[0] ?? '' });
  await sessions.updateOne({ _id: session?._id ?? '' }, { $set: { rotatedAt: new Date(Number(session?.rotatedAt) - ms) } });
}

describe('refresh', () => {
  it('gives 20 parallel refreshes the same successor, which works', async () => {
    const { cookie } = await shopper.admitted('parallel@example.com');
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(cookie)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    const successors = new Set(answers.map(refreshTokenOf));
    expect(successors.size).toBe(1);
    expect((await refresh([...successors][0] ?? '')).status).toBe(200);
  });

  it('ends the whole family when a replaced token comes back later', async () => {
    const { cookie } = await shopper.admitted('stolen@example.com');
    const successor = refreshTokenOf(await refresh(cookie));
    await ageRotation(cookie, 10_500);
    const reused = await refresh(cookie);
    expect(reused).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(reused.headers.get('set-cookie')).toContain('Max-Age=0');
    expect((await refresh(successor)).status).toBe(401);
    const rows = await auth.collection('audit').find({ action: 'session.refresh-token-reuse', target: cookie.split('.')[0] ?? '' }).toArray();
    expect(rows).toHaveLength(1);
  });

  it('leaves other sessions of the same person alone then', async () => {
    const { cookie } = await shopper.admitted('two@example.com');
    const elsewhere = refreshTokenOf(await shopper.login('two@example.com'));
    await refresh(cookie);
    await ageRotation(cookie, 10_500);
    expect((await refresh(cookie)).status).toBe(401);
    expect((await refresh(elsewhere)).status).toBe(200);
  });

  it('refuses what is not ours', async () => {
    const { cookie } = await shopper.admitted('forged@example.com');
    const [id = '', , proof = ''] = cookie.split('.');
    for (const forged of ['', 'x', `${id}.1.${proof}`, `${id}.0.${'A'.repeat(43)}`, `ses_${'0'.repeat(32)}.0.${proof}`]) expect((await refresh(forged)).status).toBe(401);
    expect((await shopper.call('POST', '/api/auth/refresh')).status).toBe(401);
    expect((await refresh(cookie)).status).toBe(200);
  });

  it('refuses pages of foreign origins and serves those on the list', async () => {
    const { cookie } = await shopper.admitted('origin@example.com');
    for (const origin of ['https://evil.example', 'null', 'http://localhost:8080', `${publicUrl}.evil.example`]) {
      expect((await refresh(cookie, { origin })).status).toBe(403);
      expect((await shopper.call('POST', '/api/auth/logout', { cookie, headers: { origin } })).status).toBe(403);
    }
    expect((await refresh(cookie, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await refresh(cookie, { origin: publicUrl })).status).toBe(200);
    expect((await refresh(cookie, { origin: 'https://shop.example.com' })).status).toBe(200);
  });

  it('does not outlive idle time', async () => {
    const { cookie } = await shopper.admitted('idle@example.com');
    await auth.collection<{ _id: string }>('sessions').updateOne({ _id: cookie.split('.')[0] ?? '' }, { $set: { expiresAt: new Date() } });
    expect((await refresh(cookie)).status).toBe(401);
  });
});

describe('sessions', () => {
  it('are listed and ended by their owner only', async () => {
    const ada = await shopper.admitted('ada@example.com');
    const phone = await shopper.login('ada@example.com', undefined, { 'user-agent': 'Phone/1.0' });
    const eve = await shopper.admitted('eve@example.com');
    const { body } = await shopper.call('GET', '/api/auth/me/sessions', { token: ada.token });
    const items = body['items'] as { id: string; current: boolean; userAgent?: string }[];
    expect(items.map(({ current }) => current).sort()).toEqual([false, true]);
    const other = items.find(({ current }) => !current);
    expect(other?.userAgent).toBe('Phone/1.0');
    const path = `/api/auth/me/sessions/${other?.id}`;
    expect((await shopper.call('DELETE', path, { token: eve.token })).status).toBe(404);
    expect((await shopper.call('DELETE', path, { token: ada.token })).status).toBe(204);
    expect((await shopper.call('DELETE', path, { token: ada.token })).status).toBe(404);
    expect((await refresh(refreshTokenOf(phone))).status).toBe(401);
    expect((await refresh(ada.cookie)).status).toBe(200);
  });

  it('on a device that is new to the account are told to its owner, the first one and those on known devices are not', async () => {
    await shopper.admitted('devices@example.com');
    const firefox = (version: number): string => `Mozilla/5.0 (X11; Linux x86_64; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`;
    await shopper.login('devices@example.com');
    for (const version of [145, 145, 146]) await shopper.login('devices@example.com', undefined, { 'user-agent': firefox(version) });
    const account = await auth.collection<{ _id: string }>('accounts').findOne({ email: 'devices@example.com' });
    const told = await auth.collection('outbox').find({ 'event.type': 'user.device-added.v1', 'event.subject': account?._id }).toArray();
    expect(told.map(({ event }) => (event as { data: object }).data)).toMatchObject([{ device: 'Firefox on Linux', contact: { email: 'devices@example.com', locale: 'en' } }]);
  });

  it('do not tell wrong password, unknown address and unverified address with a wrong password apart', async () => {
    await shopper.join('known@example.com');
    await shopper.register('unproved@example.com');
    const answers = await Promise.all(['known@example.com', 'unknown@example.com', 'unproved@example.com'].map((email) => shopper.login(email, 'a wrong long password')));
    const bodies = answers.map(({ status, body: { requestId: _, ...body } }) => JSON.stringify({ status, body }));
    expect(new Set(bodies).size).toBe(1);
    expect(answers[0]?.status).toBe(401);
  });

  it('end at a logout by cookie, by access token alone, and by both', async () => {
    const open = async (token: string): Promise<number> => ((await shopper.call('GET', '/api/auth/me/sessions', { token })).body['items'] as unknown[]).length;
    const first = await shopper.admitted('logout@example.com');
    const second = await shopper.login('logout@example.com');
    const token = String(second.body['accessToken']);
    expect(await open(token)).toBe(2);
    expect((await shopper.call('POST', '/api/auth/logout', { token: first.token })).status).toBe(204);
    expect(await open(token)).toBe(1);
    expect((await refresh(first.cookie)).status).toBe(401);
    // Again, as by a client that did not hear the answer.
    expect((await shopper.call('POST', '/api/auth/logout', { token: first.token })).status).toBe(204);
    expect((await shopper.call('POST', '/api/auth/logout', { token: `${token}x` })).status).toBe(401);
    expect(await open(token)).toBe(1);
    expect((await shopper.call('POST', '/api/auth/logout', { token: `${token}x`, cookie: refreshTokenOf(second) })).status).toBe(204);
    expect(await open(token)).toBe(0);
  });

  it('leave a row in the audit trail per login, failed login and logout, without secrets', async () => {
    const { cookie, userId } = await shopper.admitted('audited@example.com');
    await shopper.login('audited@example.com', 'canary-wrong-password');
    await shopper.call('POST', '/api/auth/logout', { cookie });
    const rows = await auth.collection('audit').find({ $or: [{ actor: userId }, { target: userId }] }).toArray();
    expect(rows.map(({ action }) => String(action)).sort()).toEqual(['account.register', 'account.verify-email', 'session.login', 'session.login-failed', 'session.logout']);
    const everything = JSON.stringify(await auth.collection('audit').find().toArray());
    expect(everything).not.toContain('canary');
    expect(everything).not.toContain(cookie);
  });

  it('refuse logins at once when too many wait for the hash', async () => {
    const logins = await Promise.all(Array.from({ length: 90 }, (_, index) => shopper.login(`crowd${index}@example.com`, 'a wrong long password')));
    const statuses = new Set(logins.map(({ status }) => status));
    expect(statuses).toEqual(new Set([401, 503]));
    const refused = logins.find(({ status }) => status === 503);
    expect(refused).toMatchObject({ body: { code: 'dependency-unavailable' } });
    expect(refused?.headers.get('retry-after')).toBe('1');
    expect((await shopper.login('crowd0@example.com', 'a wrong long password')).status).toBe(401);
  });
});

describe('access tokens', () => {
  const now = (): number => Math.floor(Date.now() / 1000);

  async function forge(key: CryptoKey | Uint8Array, claims: Record<string, unknown>, header: Record<string, unknown>): Promise<number> {
    const payload = { sub: 'usr_0192f7c1aaaa7000800000000000000f', sid: 'ses_1', roles: ['super-admin'], iss: publicUrl, aud: 'shopfleet', iat: now(), exp: now() + 900, ...claims };
    const token = await new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA', kid: signingKey.kid, typ: 'at+jwt', ...header }).sign(key);
    return (await shopper.call('GET', '/api/auth/users', { token })).status;
  }

  it('pass only as this service signs them', async () => {
    const own = (await importJWK(signingKey as JWK, 'EdDSA')) as CryptoKey;
    expect(await forge(own, {}, {})).toBe(200);
    expect(await forge(own, { exp: now() - 60 }, {})).toBe(401);
    expect(await forge(own, { iss: 'https://evil.example' }, {})).toBe(401);
    expect(await forge(own, { aud: 'another' }, {})).toBe(401);
    expect(await forge(own, {}, { typ: 'JWT' })).toBe(401);
    expect(await forge(own, {}, { kid: 'foreign' })).toBe(401);
    const foreign = await generateKeyPair('EdDSA', { extractable: true });
    expect(await forge(foreign.privateKey, {}, {})).toBe(401);
    expect(await forge(foreign.privateKey, {}, { jwk: await exportJWK(foreign.publicKey), kid: 'foreign' })).toBe(401);
    expect(await forge(foreign.privateKey, {}, { jku: 'https://evil.example/jwks.json' })).toBe(401);
    const publicPem = createPublicKey({ key: signingKey as JWK, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    expect(await forge(new TextEncoder().encode(String(publicPem)), {}, { alg: 'HS256' })).toBe(401);
  });

  it('do not pass unsigned, or signed by HS256 with what the JWK set publishes', async () => {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = part({ sub: 'usr_1', sid: 'ses_1', roles: ['super-admin'], iss: publicUrl, aud: 'shopfleet', iat: now(), exp: now() + 900 });
    const status = async (token: string) => (await shopper.call('GET', '/api/auth/users', { token })).status;
    expect(await status(`${part({ alg: 'none', typ: 'at+jwt', kid: signingKey.kid })}.${claims}.`)).toBe(401);
    const jwks = JSON.stringify((await shopper.call('GET', '/.well-known/jwks.json')).body);
    for (const secret of [jwks, Buffer.from(signingKey.x, 'base64url'), signingKey.x]) {
      const signed = `${part({ alg: 'HS256', typ: 'at+jwt', kid: signingKey.kid })}.${claims}`;
      expect(await status(`${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`)).toBe(401);
    }
  });

  it('are checked against a key set that is public, cacheable and holds no private part', async () => {
    const answer = await shopper.call('GET', '/.well-known/jwks.json');
    expect(answer.body).toEqual({ keys: [{ kty: 'OKP', crv: 'Ed25519', kid: 'first', alg: 'EdDSA', use: 'sig', x: signingKey.x }] });
    expect(answer.headers.get('cache-control')).toContain('public');
    expect(answer.headers.get('x-request-id')).toBeNull();
    expect(JSON.stringify(answer.body)).not.toContain(signingKey.d);
  });
});

describe('admins', () => {
  it('list users page by page and change roles against the version they read', async () => {
    const admin = await shopper.admitted('admin@example.com', ['admin']);
    const customer = await shopper.admitted('hire@example.com');
    expect((await shopper.call('GET', '/api/auth/users', { token: customer.token })).status).toBe(403);
    expect((await shopper.call('GET', '/api/auth/users')).status).toBe(401);

    const seen: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body, status } = await shopper.call('GET', `/api/auth/users?limit=3${query}`, { token: admin.token });
      expect(status).toBe(200);
      seen.push(...(body['items'] as { id: string }[]).map(({ id }) => id));
      cursor = body['nextCursor'] as string | undefined;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe(await auth.collection('accounts').countDocuments());

    const path = `/api/auth/users/${customer.userId}`;
    const read = await shopper.call('GET', path, { token: admin.token });
    const etag = read.headers.get('etag') ?? '';
    const change = (roles: string[], headers: Record<string, string> = { 'if-match': etag }) => shopper.call('PATCH', path, { token: admin.token, body: { roles }, headers });
    expect((await change(['employee'], {})).status).toBe(428);
    expect((await change(['admin'])).status).toBe(403);
    expect((await change(['emperor'])).status).toBe(400);
    expect(await change(['employee'])).toMatchObject({ status: 200, body: { roles: ['employee'] } });
    expect((await change(['manager'])).status).toBe(412);

    const audit = await shopper.call('GET', `/api/auth/audit?target=${customer.userId}&limit=1`, { token: admin.token });
    expect(audit.body['items']).toMatchObject([{ action: 'user.role-change', actor: admin.userId, difference: { roles: { old: ['customer'], new: ['employee'] } } }]);
    expect((await shopper.call('GET', '/api/auth/users?email=hire', { token: admin.token })).body['items']).toMatchObject([{ email: 'hire@example.com' }]);
    expect((await shopper.call('GET', '/api/auth/users?role=employee', { token: admin.token })).body['items']).toHaveLength(1);
    expect((await shopper.call('GET', '/api/auth/users?email[$gt]=a', { token: admin.token })).status).toBe(400);
  });
});
