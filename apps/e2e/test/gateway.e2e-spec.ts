import { connect as connectPlain } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { connect as connectHttp2 } from 'node:http2';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { call, shop, waitFor } from '../src/shop.ts';
import { wholeDocument } from '../src/whole-document.ts';

const { hostname, port } = new URL(shop.url);
const ca = readFileSync(shop.caFile);

describe('the gateway', () => {
  it('speaks HTTP/2', async () => {
    const session = connectHttp2(shop.url, { ca });
    await once(session, 'connect');
    expect(session.alpnProtocol).toBe('h2');
    session.close();
  });

  it.each([
    ['TLSv1.3', 'TLSv1.3'],
    ['TLSv1.2', 'TLSv1.2'],
  ] as const)('speaks %s', async (maxVersion, protocol) => {
    const socket = connectTls({ host: hostname, port: Number(port), servername: hostname, ca, minVersion: maxVersion, maxVersion });
    await once(socket, 'secureConnect');
    expect(socket.getProtocol()).toBe(protocol);
    socket.destroy();
  });

  it('refuses TLS 1.1', async () => {
    const socket = connectTls({ host: hostname, port: Number(port), servername: hostname, ca, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
    await expect(once(socket, 'secureConnect')).rejects.toThrow();
  });

  it('redirects plain http on the same port', async () => {
    const socket = connectPlain(Number(port), hostname);
    socket.write(`GET /api/products HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: close\r\n\r\n`);
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    expect(text).toMatch(/^HTTP\/1\.1 30[178]/u);
    expect(text).toMatch(new RegExp(`location: ${shop.url}/api/products`, 'iu'));
  });

  it('shows a landing page and no HSTS on localhost', async () => {
    const page = await call('/');
    expect(page.status).toBe(200);
    expect(page.text).toContain('/api/docs');
    expect(page.headers['strict-transport-security']).toBeUndefined();
    expect(page.headers['content-security-policy']).toMatch(/default-src/u);
  });

  it('answers what it does not know as a problem', async () => {
    const answer = await call<{ code: string }>('/nowhere');
    expect(answer.status).toBe(404);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/u);
    expect(answer.body.code).toBe('not-found');
  });

  it.each(['/internal/product/anything', '/internal/auth/mail-tokens/x', '/metrics'])('hides %s', async (path) => {
    expect((await call(path)).status).toBe(404);
  });

  it('answers /api/v1 as /api', async () => {
    expect((await call('/api/v1/products?limit=1')).status).toBe(200);
  });

  it('names the whole shop healthy, and each service', async () => {
    expect((await call<{ success: boolean }>('/health')).body.success).toBe(true);
    for (const plural of ['products', 'cart', 'orders', 'auth', 'notifications']) {
      expect((await call<{ success: boolean }>(`/api/${plural}/health`)).body.success, plural).toBe(true);
    }
  });

  it('carries a request id through, and makes one where none is sane', async () => {
    const sent = await call('/api/orders/ord_0', { headers: { 'x-request-id': 'e2e-request-1' } });
    expect(sent.headers['x-request-id']).toBe('e2e-request-1');
    const made = await call<{ requestId: string }>('/api/orders/ord_0', { headers: { 'x-request-id': 'not sane' } });
    expect(made.body.requestId).toMatch(/^[\w-]{16,}$/u);
  });

  it('answers 404 as problem details, whatever the address ends with', async () => {
    for (const path of ['/nope', '/nope.html', '/robots.txt', '/nope.png', '/images/nope.webp']) {
      const { status, headers, body } = await call(path);
      expect({ path, status, type: headers['content-type'] }).toEqual({ path, status: 404, type: 'application/problem+json' });
      expect(body).toMatchObject({ code: 'not-found' });
    }
  });

  it('has the pages that mails lead to', async () => {
    for (const page of ['verify-email', 'reset-password']) {
      expect((await call(`/${page}.html?token=mal_x`)).text).toContain(`/${page}.js`);
      expect((await call(`/${page}.js`)).text).toContain(`/api/auth/${page}`);
    }
  });

  it('publishes one OpenAPI document of all services, and pages to read it', async () => {
    const { openapi, paths } = await wholeDocument<{ openapi: string; paths: Record<string, unknown> }>();
    expect(openapi).toBe('3.1.0');
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/api/products', '/api/cart/items', '/api/orders', '/api/auth/login', '/api/notifications']));
    expect((await call('/api/docs')).text).toMatch(/swagger/iu);
  });
});

describe('the edge cache', () => {
  it('serves what it has, compressed or not, and answers 304 to who has it', async () => {
    const path = '/api/products?limit=3';
    const cached = await waitFor('an answer from the edge', async () => {
      const answer = await call(path, { headers: { 'accept-encoding': 'gzip' } });
      return answer.headers['x-cache'] === 'EDGE' ? answer : undefined;
    });
    expect(cached.headers['content-encoding']).toBe('gzip');
    expect(cached.headers['set-cookie'] ?? cached.headers['ratelimit'] ?? cached.headers['x-request-id-of-first']).toBeUndefined();
    const plain = await call<{ items: unknown[] }>(path);
    expect(plain.body.items).toHaveLength(3);
    const unchanged = await call(path, { headers: { 'if-none-match': String(cached.headers.etag) } });
    expect(unchanged.status).toBe(304);
  });

  it('never holds what is personal', async () => {
    const answer = await call('/api/cart');
    expect(answer.headers['cache-control']).toMatch(/private|no-store/u);
    expect(answer.headers['x-cache']).not.toBe('EDGE');
  });
});
