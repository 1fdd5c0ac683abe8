import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { randomInt, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { runFile } from '../src/access-rules.ts';
import { host, openConnection, readToEnd, sendRaw } from '../src/raw-connection.ts';
import { call, shop, waitFor, type Answer } from '../src/shop.ts';
import { expectStatus, Shopper, variantsInStock } from '../src/shopper.ts';

const statusLines = (text: string): string[] => text.match(/^HTTP\/1\.1 \d{3}/gmu)?.map((line) => line.slice(-3)) ?? [];

describe('headers of an answer', () => {
  it.each(['/api/products', '/api/categories', '/api/cart', '/api/orders', '/api/auth/me', '/api/notifications', '/api/docs', '/', '/nowhere', '/.well-known/jwks.json'])(
    'protect whoever reads %s, and stand there once', async (address) => {
      const text = await sendRaw(`GET ${address} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      const names = (text.split('\r\n\r\n', 1)[0] ?? '').split('\r\n').slice(1).map((line) => line.split(':', 1)[0]?.toLowerCase() ?? '');
      for (const name of ['x-content-type-options', 'content-security-policy', 'x-frame-options', 'referrer-policy', 'cross-origin-opener-policy']) {
        expect([name, names.filter((each) => each === name).length]).toEqual([name, 1]);
      }
      for (const name of ['strict-transport-security', 'x-request-id', 'cache-control', 'access-control-allow-origin']) {
        expect([name, names.filter((each) => each === name).length]).toEqual([name, expect.toSatisfy((count: number) => count <= 1)]);
      }
      expect(names).not.toContain('x-powered-by');
      expect(text).not.toMatch(/^server: nginx\/\d/imu);
    });

  it('open nothing to pages of another origin', async () => {
    for (const address of ['/api/products', '/api/auth/me', '/api/cart']) {
      const { headers } = await call(address, { headers: { origin: 'https://evil.example' } });
      expect([address, headers['access-control-allow-origin'], headers['access-control-allow-credentials']]).toEqual([address, undefined, undefined]);
      const preflight = await call(address, { method: 'OPTIONS', headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' } });
      expect([address, preflight.headers['access-control-allow-origin']]).toEqual([address, undefined]);
    }
  });
});

describe('a request that is not as it should be', () => {
  const post = (headers: string, body: string): string => `POST /api/cart/items HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n${headers}\r\n\r\n${body}`;
  const hidden = `GET /api/auth/me HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;

  it.each([
    ['two lengths', post('Content-Length: 2\r\nContent-Length: 60', `{}${hidden}`)],
    ['length and chunks', post('Content-Length: 2\r\nTransfer-Encoding: chunked', `0\r\n\r\n${hidden}`)],
    ['chunks in disguise', post('Transfer-Encoding: xchunked', `0\r\n\r\n${hidden}`)],
    ['chunks twice', post('Transfer-Encoding: chunked, identity', `0\r\n\r\n${hidden}`)],
    ['a negative length', post('Content-Length: -1', hidden)],
    ['two hosts', `GET /api/products HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`],
    ['a space before the colon', `GET /api/products HTTP/1.1\r\nHost : ${host}\r\nConnection: close\r\n\r\n`],
    ['five headers of 8 kB', `GET /api/products HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${Array.from({ length: 5 }, (_, i) => `X-Filler-${i}: ${'x'.repeat(8_000)}\r\n`).join('')}\r\n`],
    ['one header of 9 kB', `GET /api/products HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nX-Filler: ${'x'.repeat(9_000)}\r\n\r\n`],
    ['an address of 9 kB', `GET /api/products?q=${'x'.repeat(9_000)} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`],
  ])('is refused and never answered twice: %s', async (_what, text) => {
    const answers = statusLines(await sendRaw(text));
    expect(answers).toHaveLength(1);
    expect(Number(answers[0])).toBeGreaterThanOrEqual(400);
    expect(Number(answers[0])).toBeLessThan(502);
  });
});

describe('slow clients', () => {
  it('leave others alone, and are let go after ten seconds', async () => {
    const timed = async (): Promise<number> => {
      const begun = performance.now();
      expectStatus(await call('/api/products?limit=5'), 200);
      return performance.now() - begun;
    };
    const sockets = await Promise.all(Array.from({ length: 250 }, () => openConnection('127.0.0.3')));
    const ended = sockets.map(readToEnd);
    for (const socket of sockets) socket.write(`GET /api/products HTTP/1.1\r\nHost: ${host}\r\nX-Slow:`);
    const drip = setInterval(() => sockets.forEach((socket) => socket.writable && socket.write('x')), 1_000);
    try {
      const times: number[] = [];
      for (let i = 0; i < 100; i += 1) times.push(await timed());
      expect(times.toSorted((a, b) => a - b)[98]).toBeLessThan(1_000);
      const answers = await Promise.all(ended);
      expect(new Set(answers.flatMap(statusLines))).toEqual(answers.some((text) => text !== '') ? new Set(['408']) : new Set());
    } finally {
      clearInterval(drip);
      for (const socket of sockets) socket.destroy();
    }
  });
});

describe('who somebody is', () => {
  it('is what their connection says, whatever their headers claim', async () => {
    const shopper = new Shopper();
    await shopper.becomeCustomer();
    const forged = { 'x-forwarded-for': '203.0.113.66', 'x-real-ip': '203.0.113.66', forwarded: 'for=203.0.113.66', 'cf-connecting-ip': '203.0.113.66', 'x-region': 'nowhere' };
    expectStatus(await call('/api/auth/login', { method: 'POST', body: { email: shopper.email, password: 'correct-horse-battery' }, headers: forged }), 200);
    const { body } = expectStatus(await shopper.get<{ items: { ip: string }[] }>('/api/auth/me/sessions'), 200);
    expect(body.items.map(({ ip }) => ip)).toEqual(['127.0.0.1', '127.0.0.1']);
  });

  it.each([
    ['product', '/api/images/jobs/none', 1_000],
    ['cart', '/api/cart', 2_000],
    ['order', '/api/orders', 500],
    ['auth', '/api/auth/me', 100],
    ['notification', '/api/notifications', 200],
  ])('has a limit with each service: with %s (%s) %i requests in 15 minutes', async (_service, path_, limit) => {
    // No load generator's address, whose limits are higher.
    const answer = await sendRaw(`GET ${path_} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`, `127.2.${randomInt(1, 255)}.${randomInt(1, 255)}`);
    expect(/^ratelimit-policy: (?<policy>.*?)\r$/imu.exec(answer)?.groups?.['policy']).toBe(`"default";q=${limit};w=900`);
  });

  it('is limited per address, burst first, and forged addresses gain nothing', async () => {
    const request = (i: number): string =>
      `POST /api/orders HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\nX-Forwarded-For: 198.51.100.${i}\r\nX-Real-IP: 198.51.100.${i}\r\n\r\n{}`;
    const answers: string[] = [];
    const address = `127.1.${randomInt(1, 255)}.${randomInt(1, 255)}`;
    // Nobody in particular has ten checkouts in a quarter of an hour; this address is no load generator's.
    for (let i = 0; i < 13; i += 1) answers.push(await sendRaw(request(i), address));
    expect(answers.flatMap(statusLines)).toEqual([...Array.from({ length: 10 }, () => '400'), '429', '429', '429']);
    expect(answers.at(-1)).toMatch(/^retry-after: \d+/imu);
    expect(answers[0]).toMatch(/^ratelimit-policy: "default";q=500;w=900, "checkout";q=10;w=900, "burst";q=30;w=60/imu);
  });
});

describe('an address that is not known', () => {
  it('gets the same answers as one that is', async () => {
    const shopper = new Shopper();
    await shopper.becomeCustomer();
    const both = [shopper.email, `nobody-${randomUUID()}@example.com`];
    const plain = ({ status, body }: Answer, email: string): unknown => JSON.parse(JSON.stringify([status, { ...body, requestId: '' }]).replaceAll(email, '…')) as unknown;
    const ask = async (address: string, more: Record<string, string>): Promise<unknown[]> =>
      Promise.all(both.map(async (email) => plain(await call(address, { method: 'POST', body: { email, ...more } }), email)));
    for (const [address, more] of [
      ['/api/auth/login', { password: 'not the right password' }],
      ['/api/auth/forgot-password', {}],
      ['/api/auth/register', { password: 'another long passphrase', name: 'Ada', locale: 'en' }],
    ] as const) {
      const [known, unknown] = await ask(address, more);
      expect([address, known]).toEqual([address, unknown]);
    }
  });
});

describe('logs', () => {
  it('hold no password and no token of a whole purchase', async () => {
    const canary = `canary-${randomUUID()}`;
    const shopper = new Shopper();
    await shopper.becomeCustomer(canary);
    const login = expectStatus(await call<{ accessToken: string }>('/api/auth/login', { method: 'POST', body: { email: shopper.email, password: canary } }), 200);
    const refreshToken = /=(?<token>[^;]{20,})/u.exec(String(login.headers['set-cookie']))?.groups?.['token'] ?? '';
    await call('/api/auth/login', { method: 'POST', body: { email: shopper.email, password: `${canary}-wrong` } });
    await call(`/api/auth/verify-email?token=${canary}`, { method: 'POST', body: { token: `${canary}.x` } });
    await call(`/api/orders/ord_x?token=${canary}`, { headers: { authorization: `Bearer ${canary}`, cookie: `session=${canary}`, 'x-order-token': canary, 'x-cart-token': canary } });
    const [variant] = await variantsInStock(1);
    await shopper.addToCart(variant?.sku ?? '');
    const { number } = expectStatus(await shopper.order('tok_ok'), 201).body;
    const mailed = /token=([\w.~-]+)/u.exec((await shopper.mail(/verify|confirm/iu)).text)?.[1] ?? '';
    await shopper.mail(new RegExp(number, 'u'));

    const marker = `marker-${randomUUID()}`;
    await call('/api/cart', { headers: { 'x-request-id': marker } });
    await waitFor('the logs are written', async () => (read().includes(marker) ? true : undefined));
    const logs = read();
    const secrets = { password: canary, accessToken: login.body.accessToken, refreshToken, mailToken: mailed };
    for (const [what, secret] of Object.entries(secrets)) {
      expect([what, secret.length > 15]).toEqual([what, true]);
      expect([what, logs.split(secret).length - 1]).toEqual([what, 0]);
    }
  });

  function read(): string {
    const { logDir } = runFile();
    const files = readdirSync(logDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(5);
    return files.map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'utf8')).join('\n');
  }
});

describe('errors', () => {
  it('of every kind say nothing of what is inside', async () => {
    const answers = await Promise.all([
      call('/nowhere'), call('/api/products/%E0%A4%A'), call('/api/orders/ord_x'), call('/api/auth/me'), call('/api/products?limit=x'), call('/api/cart', { method: 'TRACE' as 'GET' }).catch(() => undefined),
      call('/api/orders', { method: 'POST', raw: '{', headers: { 'content-type': 'application/json', 'idempotency-key': 'x' } }), call('/api/auth/login', { method: 'POST', raw: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    ]);
    for (const answer of answers.filter((each) => each !== undefined)) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/u);
      expect(answer.text).not.toMatch(/\n\s+at |node_modules|\.[jt]s:\d|mongo|redis|\/(?:apps|libs|dist)\/|shop\.ts/iu);
    }
    expect(shop.url).toMatch(/^https:/u);
  });
});
