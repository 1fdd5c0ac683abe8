import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type CryptoKey, type JSONWebKeySet, type JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AccessTokenVerifier } from './access-token-verifier.ts';

const issuer = 'https://shop.test';
const audience = 'shopfleet';

interface Pair {
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
}

let pair: Pair;
let other: Pair;
let elliptic: Pair;
let keySet: JSONWebKeySet;
let server: Server;
let url: URL;
let fetches = 0;
let answering = true;

beforeAll(async () => {
  [pair, other, elliptic] = await Promise.all([generateKeyPair('EdDSA', { extractable: true }), generateKeyPair('EdDSA', { extractable: true }), generateKeyPair('ES256', { extractable: true })]);
  keySet = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'EdDSA', use: 'sig' }, { ...(await exportJWK(elliptic.publicKey)), kid: 'k2', alg: 'ES256', use: 'sig' }] };
  server = createServer((_request, response) => {
    fetches += 1;
    if (!answering) response.statusCode = 503;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(keySet));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/.well-known/jwks.json`);
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

interface Forgery {
  readonly claims?: JWTPayload;
  readonly header?: Record<string, unknown>;
  readonly key?: CryptoKey | Uint8Array;
}

const now = (): number => Math.floor(Date.now() / 1000);

function sign({ claims, header, key }: Forgery = {}): Promise<string> {
  const payload = { sub: 'usr_1', sid: 'ses_1', roles: ['customer'], email: 'ada@example.com', iss: issuer, aud: audience, iat: now(), exp: now() + 900, ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA', kid: 'k1', typ: 'at+jwt', ...header }).sign(key ?? pair.privateKey);
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const verifier = (): AccessTokenVerifier => new AccessTokenVerifier({ keys: url, issuer, audience });
const unauthenticated = expect.objectContaining({ code: 'unauthenticated', status: 401 });

describe('access token verifier', () => {
  it('reads the principal of a good token, EdDSA and ES256', async () => {
    expect(await verifier().verify(await sign())).toEqual({ userId: 'usr_1', sessionId: 'ses_1', roles: ['customer'], email: 'ada@example.com' });
    const partner = await sign({ claims: { roles: ['partner-owner', 'emperor'], partnerId: 'prt_1', locale: 'de-AT' }, header: { alg: 'ES256', kid: 'k2' }, key: elliptic.privateKey });
    expect(await verifier().verify(partner)).toMatchObject({ roles: ['partner-owner'], partnerId: 'prt_1', locale: 'de-AT' });
  });

  it('asks for the key set once, and verifies the same token once', async () => {
    fetches = 0;
    const one = verifier();
    const token = await sign();
    const found = await Promise.all(Array.from({ length: 20 }, () => one.verify(token)));
    expect(new Set(found.map(({ userId }) => userId))).toEqual(new Set(['usr_1']));
    expect(await one.verify(token)).toBe(await one.verify(token));
    expect(fetches).toBe(1);
  });

  it.each<[string, Forgery]>([
    ['expired', { claims: { exp: 1_700_000_000 } }],
    ['of another issuer', { claims: { iss: 'https://evil.test' } }],
    ['for another audience', { claims: { aud: 'other' } }],
    ['not yet valid', { claims: { nbf: 4_000_000_000 } }],
    ['without a subject', { claims: { sub: undefined } } as unknown as Forgery],
    ['without a session', { claims: { sid: undefined } }],
    ['without an expiry', { claims: { exp: undefined } } as unknown as Forgery],
    ['of another type', { header: { typ: 'JWT' } }],
    ['without a type', { header: { typ: undefined } }],
    ['of an unknown key', { header: { kid: 'k9' } }],
    ['that names the other key', { header: { kid: 'k2' } }],
    ['with a critical extension', { header: { crit: ['exp'], exp: 1 } }],
  ])('refuses a token %s', async (_title, forgery) => {
    const token = await sign(forgery).catch(() => `${part({ alg: 'EdDSA', kid: 'k1', typ: 'at+jwt', ...forgery.header })}.${part({ sub: 'usr_1' })}.AAAA`);
    await expect(verifier().verify(token)).rejects.toEqual(unauthenticated);
  });

  it('refuses a foreign key, however it is offered', async () => {
    const jwk = await exportJWK(other.publicKey);
    for (const header of [{}, { jwk }, { jku: 'https://evil.test/jwks.json' }, { jwk, kid: undefined }, { x5u: 'https://evil.test/cert' }]) {
      await expect(verifier().verify(await sign({ key: other.privateKey, header }))).rejects.toEqual(unauthenticated);
    }
  });

  it('refuses none, and HS256 signed with the public key', async () => {
    const claims = part({ sub: 'usr_1', sid: 'ses_1', roles: ['super-admin'], iss: issuer, aud: audience, iat: now(), exp: now() + 900 });
    for (const alg of ['none', 'None', 'NONE', '']) {
      await expect(verifier().verify(`${part({ alg, typ: 'at+jwt', kid: 'k1' })}.${claims}.`)).rejects.toEqual(unauthenticated);
    }
    const publicForms = [await exportSPKI(pair.publicKey), Buffer.from((await exportJWK(pair.publicKey)).x ?? '', 'base64url'), JSON.stringify(keySet)];
    for (const secret of publicForms) {
      const signed = `${part({ alg: 'HS256', typ: 'at+jwt', kid: 'k1' })}.${claims}`;
      await expect(verifier().verify(`${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`)).rejects.toEqual(unauthenticated);
    }
  });

  it('refuses a changed payload', async () => {
    const [header = '', , signature = ''] = (await sign()).split('.');
    const payload = part({ sub: 'usr_2', sid: 'ses_1', roles: ['super-admin'], iss: issuer, aud: audience, iat: now(), exp: now() + 900 });
    await expect(verifier().verify(`${header}.${payload}.${signature}`)).rejects.toEqual(unauthenticated);
  });

  it('accepts the tokens of the old and the new key while keys change', async () => {
    const before = keySet;
    keySet = { keys: [{ ...(await exportJWK(other.publicKey)), kid: 'k3', alg: 'EdDSA', use: 'sig' }, ...before.keys] };
    const one = verifier();
    expect(await one.verify(await sign({ header: { kid: 'k3' }, key: other.privateKey }))).toMatchObject({ userId: 'usr_1' });
    expect(await one.verify(await sign({ claims: { sub: 'usr_2' } }))).toMatchObject({ userId: 'usr_2' });
    keySet = before;
  });

  it('fetches the key set again for a key that it does not know yet, after the cool-down', async () => {
    const one = verifier();
    await one.verify(await sign());
    const before = keySet;
    keySet = { keys: [{ ...(await exportJWK(other.publicKey)), kid: 'k3', alg: 'EdDSA', use: 'sig' }, ...before.keys] };
    const token = await sign({ header: { kid: 'k3' }, key: other.privateKey });
    await expect(one.verify(token)).rejects.toEqual(unauthenticated);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6_000 });
    try {
      expect(await one.verify(token)).toMatchObject({ userId: 'usr_1' });
    } finally {
      vi.useRealTimers();
      keySet = before;
    }
  });

  it('goes on with the keys it has while the key set cannot be fetched', async () => {
    const one = verifier();
    await one.verify(await sign());
    answering = false;
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    try {
      expect(await one.verify(await sign({ claims: { sub: 'usr_late' } }))).toMatchObject({ userId: 'usr_late' });
    } finally {
      vi.useRealTimers();
      answering = true;
    }
  });

  it('answers 503, not 401, when it has never seen a key set', async () => {
    const away = new AccessTokenVerifier({ keys: new URL('http://127.0.0.1:9/jwks.json'), issuer, audience });
    await expect(away.verify(await sign())).rejects.toMatchObject({ code: 'dependency-unavailable', status: 503 });
  });
});
