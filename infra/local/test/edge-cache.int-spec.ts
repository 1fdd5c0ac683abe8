import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatewaySettings, gatewayUrl, startGateway, stopGateway } from '../gateway.ts';
import { answerCatalogue, answerJson, GatewayWorld, json } from './gateway-world.ts';

let world: GatewayWorld;
const call: GatewayWorld['call'] = (...args) => world.call(...args);

beforeAll(async () => {
  world = await GatewayWorld.open('edge', 9_400);
});
afterAll(() => world?.close());

describe('the edge cache', () => {
  it('asks once for many readers, and serves gzip and plain from one entry', async () => {
    world.behaviour = (_service, _worker, _request, response) => setTimeout(() => answerCatalogue(response, { items: ['x'.repeat(3000)] }), 100);
    const url = '/api/products?page=1001';
    await Promise.all(Array.from({ length: 20 }, () => call(url, { headers: { 'accept-encoding': 'gzip' } })));
    expect(world.requestsTo(url)).toHaveLength(1);
    const packed = await call(url, { headers: { 'accept-encoding': 'gzip, br' } });
    expect(packed.headers).toMatchObject({ 'x-cache': 'EDGE', 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    const plain = await call(url);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.headers['x-cache']).toBe('EDGE');
    expect(json(plain)).toEqual({ items: ['x'.repeat(3000)] });
    expect(world.requestsTo(url)).toHaveLength(1);
  });

  it('answers 304 to who has the page', async () => {
    world.behaviour = (_service, _worker, _request, response) => answerCatalogue(response, { items: [] });
    await call('/api/products?page=1002');
    for (const etag of ['"v1"', 'W/"v1"']) {
      const answer = await call('/api/products?page=1002', { headers: { 'if-none-match': etag } });
      expect(answer.status).toBe(304);
    }
  });

  it('is never older than three seconds, also when nobody asked for longer', async () => {
    let price = 1;
    world.behaviour = (_service, _worker, _request, response) => answerCatalogue(response, { price });
    const url = '/api/products?page=1003';
    expect(json(await call(url))['price']).toBe(1);
    price = 2;
    await new Promise((resolve) => setTimeout(resolve, 3100));
    expect(json(await call(url))['price']).toBe(2);
  });

  it('lets nobody\'s identity through on reads, but does on writes', async () => {
    world.behaviour = (_service, _worker, incoming, response) => answerJson(response, { authorization: incoming.headers.authorization ?? null, cookie: incoming.headers.cookie ?? null });
    const headers = { authorization: 'Bearer t', cookie: 'a=b' };
    expect(json(await call('/api/products?page=1004', { headers }))).toEqual({ authorization: null, cookie: null });
    expect(json(await call('/api/products', { method: 'POST', headers, body: '{}' }))).toEqual({ authorization: 'Bearer t', cookie: 'a=b' });
  });

  it('keeps neither refusals nor personal answers', async () => {
    world.behaviour = (_service, _worker, _request, response) => answerJson(response, {}, {}, 400);
    await call('/api/products?junk=1');
    await call('/api/products?junk=1');
    expect(world.requestsTo('/api/products?junk=1')).toHaveLength(2);
    world.behaviour = (_service, _worker, _request, response) => answerJson(response, {}, { 'x-accel-expires': '60', 'cache-control': 'public, max-age=60' });
    expect((await call('/api/orders')).headers['x-accel-expires']).toBeUndefined();
    await call('/api/orders');
    expect(world.requestsTo('/api/orders')).toHaveLength(2);
  });

  it('serves what it has while the service is away, and says that it is old', async () => {
    world.behaviour = (_service, _worker, _request, response) => answerCatalogue(response, { items: [] });
    await call('/api/products?page=1005');
    await new Promise((resolve) => setTimeout(resolve, 3100));
    world.behaviour = (_service, _worker, _request, response) => answerJson(response, {}, {}, 503);
    const answer = await call('/api/products?page=1005');
    expect(answer.status).toBe(200);
    expect(answer.headers['x-cache']).toBe('STALE');
  });

  it('names the allowed origin to each reader and not the first one\'s to all', async () => {
    world.behaviour = (_service, _worker, _request, response) => answerCatalogue(response, {}, { 'access-control-allow-origin': 'https://first.example' });
    const url = '/api/products?page=1006';
    const first = await call(url, { headers: { origin: 'https://front.example' } });
    const stranger = await call(url, { headers: { origin: 'https://evil.example' } });
    expect(first.headers['access-control-allow-origin']).toBe('https://front.example');
    expect(stranger.headers['x-cache']).toBe('EDGE');
    expect(stranger.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('renditions of pictures', () => {
  const rendition = '/images/0123456789abcdef0123456789abcdef/160.webp';
  const bytes = Buffer.from('RIFF….WEBP');

  it('come from the folder, for good, and no service is asked', async () => {
    const folder = path.join(world.instance.dataDir, 'images', 'public', path.dirname(rendition).slice('/images/'.length));
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, '160.webp'), bytes);
    const answer = await call(rendition);
    expect([answer.status, answer.headers['content-type'], answer.headers['cache-control'], answer.bytes.equals(bytes)]).toEqual([200, 'image/webp', 'public, max-age=31536000, immutable', true]);
    expect([answer.headers['x-content-type-options'], answer.headers['content-security-policy']]).toEqual(['nosniff', "default-src 'none'"]);
    expect(world.requestsTo(rendition)).toEqual([]);
    expect((await call(rendition, { headers: { 'if-none-match': String(answer.headers['etag']) } })).status).toBe(304);
  });

  it('that are not there are no promise', async () => {
    for (const url of ['/images/0123456789abcdef0123456789abcdef/480.webp', '/images/', '/images/../originals/x', '/images/%2e%2e/originals/x']) {
      const answer = await call(url);
      expect([url, answer.status >= 400, answer.headers['cache-control']]).toEqual([url, true, 'no-store']);
    }
    expect((await call(rendition, { method: 'POST', body: 'x' })).status).toBe(405);
  });

  it('come from a bucket once, and then from the cache, without anything of the reader', async () => {
    const asked: IncomingMessage['headers'][] = [];
    const bucket = createServer((incoming, response) => {
      asked.push(incoming.headers);
      const found = incoming.url === rendition.replace('/images/', '/bucket/public/');
      response.writeHead(found ? 200 : 404, { 'content-type': found ? 'image/webp' : 'application/xml', 'set-cookie': 'a=b', 'cache-control': 'private', 'x-amz-request-id': '1' }).end(found ? bytes : '<Error/>');
    });
    await new Promise<void>((resolve) => bucket.listen(0, '127.0.0.1', resolve));
    const { port } = bucket.address() as AddressInfo;
    const other = { ...world.instance, dataDir: mkdtempSync(path.join(tmpdir(), 'gateway-bucket-')), ports: { ...world.instance.ports, gateway: world.instance.ports.gateway + 6, gatewayInternal: world.instance.ports.gatewayInternal + 6 } };
    const withBucket = gatewaySettings(other, world.settings.tlsDir, { IMAGES_ORIGIN: `http://127.0.0.1:${port}/bucket/public` });
    await startGateway(world.nginx, withBucket);
    try {
      for (let time = 0; time < 3; time += 1) {
        const answer = await call(`${gatewayUrl(other)}${rendition}`, { headers: { cookie: 'session=secret', authorization: 'Bearer secret' } });
        expect([answer.status, answer.headers['cache-control'], answer.bytes.equals(bytes)]).toEqual([200, 'public, max-age=31536000, immutable', true]);
        expect([answer.headers['set-cookie'], answer.headers['x-amz-request-id']]).toEqual([undefined, undefined]);
      }
      expect(asked).toHaveLength(1);
      expect(JSON.stringify(asked)).not.toContain('secret');
      const missing = await call(`${gatewayUrl(other)}/images/none/160.webp`);
      expect([missing.status, missing.headers['cache-control'], json(missing)['code']]).toEqual([404, 'no-store', 'not-found']);
    } finally {
      await stopGateway(withBucket.runDir);
      bucket.close();
    }
  });
});
