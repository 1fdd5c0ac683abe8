import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Agent, request, type Dispatcher } from 'undici';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { endGatewayOrphans } from '../gateway-orphans.ts';
import { gatewayPid, gatewaySettings, gatewayUrl, startGateway, stopGateway } from '../gateway.ts';
import { resolveInstance, type Instance } from '../instance.ts';
import { renderGateway } from '../nginx/render.ts';
import type { GatewaySettings } from '../nginx/settings.ts';
import { findNginx } from '../servers/index.ts';
import { ensureCertificates } from '../tls.ts';

// A port range of its own, beside a shop and its test instance.
const instance: Instance = { ...resolveInstance({ SHOPFLEET_INSTANCE: 'gateway', SHOPFLEET_PORT_OFFSET: '9000' }), dataDir: mkdtempSync(path.join(tmpdir(), 'gateway-')) };
const workers: Server[] = [];
const seen: { service: string; worker: number; method: string; url: string; headers: IncomingMessage['headers'] }[] = [];
let settings: GatewaySettings;
let nginx: string;
let client: Agent;
/** What the stand-in services answer; a test may change it. */
let behaviour: (service: string, worker: number, request: IncomingMessage, response: ServerResponse) => void;

beforeAll(async () => {
  const tlsDir = path.join(instance.dataDir, 'tls');
  const { caFile } = await ensureCertificates(tlsDir);
  const program = await findNginx(() => undefined, { ...process.env, SHOPFLEET_SERVERS: 'binary' });
  if (program.kind !== 'binary') throw new Error('these tests need nginx as a program');
  nginx = program.path;
  settings = gatewaySettings(instance, tlsDir, { ALLOWED_ORIGINS: 'https://front.example', REGIONS: '127.0.0.0/8=home' });
  for (const [service, count] of [['product', 2], ['cart', 2], ['order', 2], ['auth', 1]] as const) {
    for (let worker = 0; worker < count; worker++) workers.push(await standIn(service, worker));
  }
  await startGateway(nginx, settings);
  client = new Agent({ connect: { ca: readFileSync(caFile) }, connections: 64, pipelining: 1 });
});

afterAll(async () => {
  await client?.close();
  await stopGateway(settings.runDir);
  for (const worker of workers) worker.close().closeAllConnections();
});

async function standIn(service: 'product' | 'cart' | 'order' | 'auth', worker: number): Promise<Server> {
  const server = createServer({ keepAliveTimeout: 72_000 }, (incoming, response) => {
    incoming.resume().on('end', () => {
      seen.push({ service, worker, method: incoming.method ?? '', url: incoming.url ?? '', headers: incoming.headers });
      behaviour(service, worker, incoming, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(instance.ports[service] + worker, '127.0.0.1', resolve));
  return server;
}

function answerJson(response: ServerResponse, body: unknown, headers: Record<string, string> = {}, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

// Cache-Control before X-Accel-Expires, as nginx before 1.23.2 needs it.
const cacheable = { 'cache-control': 'public, max-age=1, stale-while-revalidate=1', 'x-accel-expires': '1', 'x-cache': 'L1', etag: '"v1"', vary: 'Accept-Encoding' };

function answerCatalogue(response: ServerResponse, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip', ...cacheable, ...headers });
  response.end(gzipSync(JSON.stringify(body)));
}

async function call(url: string, options: { method?: Dispatcher.HttpMethod; headers?: Record<string, string>; body?: string | Buffer } = {}) {
  const { statusCode, headers, body } = await request(url.startsWith('http') ? url : `${gatewayUrl(instance)}${url}`, { dispatcher: client, ...options });
  return { status: statusCode, headers, bytes: Buffer.from(await body.arrayBuffer()) };
}

const json = ({ bytes }: { bytes: Buffer }) => JSON.parse(bytes.toString()) as Record<string, unknown>;
const requestsTo = (url: string) => seen.filter((one) => one.url === url);

describe('the configuration', () => {
  it.each([
    ['TLS 1.3 only', { TLS_MINIMUM: '1.3' }],
    ['HSTS', { HSTS_SECONDS: '31536000' }],
    ['a load test range', { LOADTEST_CIDR: '10.1.0.0/16' }],
    ['an IPv6 load test range', { LOADTEST_CIDR: 'fd00::/8' }],
    ['regions', { REGIONS: '203.0.113.0/24=eu, 2001:db8::/32=far' }],
    ['two origins', { ALLOWED_ORIGINS: 'https://a.example,http://localhost:3000' }],
    ['all addresses', { GATEWAY_LISTEN: 'all' }],
    ['pictures from a bucket', { IMAGES_ORIGIN: 'http://127.0.0.1:9/bucket/public' }],
    ['a proxy in front', { GATEWAY_TRUSTED_PROXIES: '10.0.0.0/8,fd00::/8' }],
  ])('is accepted by nginx with %s', async (_name, environment) => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'gateway-variant-'));
    const variant = gatewaySettings({ ...instance, dataDir }, settings.tlsDir, environment);
    const file = renderGateway(variant);
    await expect(promisify(execFile)(nginx, ['-t', '-q', '-p', variant.runDir, '-c', file, '-e', path.join(dataDir, 'start.log')])).resolves.toBeDefined();
  });

  it.each([true, false])('is accepted by nginx as containers have it, plain HTTP: %s', async (plainHttp) => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'gateway-container-'));
    const usual = gatewaySettings({ ...instance, dataDir }, settings.tlsDir);
    const upstreams = usual.upstreams.map(({ name }, index) => ({ name, replicas: index === 0 ? [] : ['10.0.0.7:3000', '10.0.0.9:3000'] }));
    const file = renderGateway({ ...usual, upstreams, plainHttp, callers: ['10.0.0.0/8', '172.16.0.0/12'] });
    await expect(promisify(execFile)(nginx, ['-t', '-q', '-p', usual.runDir, '-c', file, '-e', path.join(dataDir, 'start.log')])).resolves.toBeDefined();
  });

  it('packs by gzip at level 6 what a service sends unpacked', async () => {
    // All that nginx has read, with its includes.
    const { stdout } = await promisify(execFile)(nginx, ['-T', '-q', '-p', settings.runDir, '-c', renderGateway(settings), '-e', path.join(instance.dataDir, 'start.log')], { maxBuffer: 8 * 1024 * 1024 });
    expect(stdout.match(/^\s*gzip_comp_level\b.*$/gmu)?.map((line) => line.trim())).toEqual(['gzip_comp_level 6;']);
    behaviour = (_service, _worker, _request, response) => answerJson(response, { text: 'unpacked '.repeat(500) });
    const { headers, bytes } = await call('/api/cart', { headers: { 'accept-encoding': 'gzip' } });
    expect(headers['content-encoding']).toBe('gzip');
    expect(json({ bytes: gunzipSync(bytes) })).toEqual({ text: 'unpacked '.repeat(500) });
  });

  it('is refused with the reason when nginx cannot use it', async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'gateway-broken-'));
    const broken = { ...gatewaySettings({ ...instance, dataDir }, path.join(dataDir, 'no-tls')), gatewayPort: 23_999 };
    await expect(startGateway(nginx, broken)).rejects.toThrow(/nginx refuses its configuration: .*server\.pem/u);
  });
});

describe('what a service sees', () => {
  beforeAll(() => {
    behaviour = (service, _worker, incoming, response) => answerJson(response, { service, headers: incoming.headers });
  });

  it('is who really asks, whatever the client claims', async () => {
    const forged = { 'x-real-ip': '9.9.9.9', 'x-forwarded-for': '9.9.9.9', forwarded: 'for=9.9.9.9', 'x-internal-token': 'guess', 'x-region': 'near' };
    const { headers } = json(await call('/api/cart', { headers: forged })) as { headers: Record<string, string> };
    expect(headers).toMatchObject({ 'x-real-ip': '127.0.0.1', 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'https' });
    expect(headers['x-region']).toBe('home');
    expect(headers['forwarded']).toBeUndefined();
    expect(headers['x-internal-token']).toBeUndefined();
  });

  it('is the client that a service calls for, on the internal listener', async () => {
    const internal = `http://127.0.0.1:${instance.ports.gatewayInternal}`;
    const answer = await call(`${internal}/internal/auth/mail-tokens/abc?x=1`, { headers: { 'x-real-ip': '9.9.9.9', 'x-internal-token': 'secret' } });
    const { service, headers } = json(answer) as { service: string; headers: Record<string, string> };
    expect(service).toBe('auth');
    expect(headers).toMatchObject({ 'x-real-ip': '9.9.9.9', 'x-internal-token': 'secret' });
    expect(seen.at(-1)?.url).toBe('/internal/mail-tokens/abc?x=1');
  });

  it('is a sane request id, also in the answer, and the trace', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const kept = await call('/api/cart', { headers: { 'x-request-id': 'my-request-17', traceparent } });
    expect(kept.headers['x-request-id']).toBe('my-request-17');
    const { headers: passed } = json(kept) as { headers: Record<string, string> };
    expect(passed['x-request-id']).toBe('my-request-17');
    // The client's trace goes on below a span of the gateway's; that it wants to be recorded is not for it to say.
    expect(passed['traceparent']).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-00$/u);
    const replaced = await call('/api/cart', { headers: { 'x-request-id': 'bad id {"' } });
    expect(replaced.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/u);
  });
});

describe('the edge cache', () => {
  it('asks once for many readers, and serves gzip and plain from one entry', async () => {
    behaviour = (_service, _worker, _request, response) => setTimeout(() => answerCatalogue(response, { items: ['x'.repeat(3000)] }), 100);
    const url = '/api/products?page=1001';
    await Promise.all(Array.from({ length: 20 }, () => call(url, { headers: { 'accept-encoding': 'gzip' } })));
    expect(requestsTo(url)).toHaveLength(1);
    const packed = await call(url, { headers: { 'accept-encoding': 'gzip, br' } });
    expect(packed.headers).toMatchObject({ 'x-cache': 'EDGE', 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    const plain = await call(url);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.headers['x-cache']).toBe('EDGE');
    expect(json(plain)).toEqual({ items: ['x'.repeat(3000)] });
    expect(requestsTo(url)).toHaveLength(1);
  });

  it('answers 304 to who has the page', async () => {
    behaviour = (_service, _worker, _request, response) => answerCatalogue(response, { items: [] });
    await call('/api/products?page=1002');
    for (const etag of ['"v1"', 'W/"v1"']) {
      const answer = await call('/api/products?page=1002', { headers: { 'if-none-match': etag } });
      expect(answer.status).toBe(304);
    }
  });

  it('is never older than three seconds, also when nobody asked for longer', async () => {
    let price = 1;
    behaviour = (_service, _worker, _request, response) => answerCatalogue(response, { price });
    const url = '/api/products?page=1003';
    expect(json(await call(url))['price']).toBe(1);
    price = 2;
    await new Promise((resolve) => setTimeout(resolve, 3100));
    expect(json(await call(url))['price']).toBe(2);
  });

  it('lets nobody\'s identity through on reads, but does on writes', async () => {
    behaviour = (_service, _worker, incoming, response) => answerJson(response, { authorization: incoming.headers.authorization ?? null, cookie: incoming.headers.cookie ?? null });
    const headers = { authorization: 'Bearer t', cookie: 'a=b' };
    expect(json(await call('/api/products?page=1004', { headers }))).toEqual({ authorization: null, cookie: null });
    expect(json(await call('/api/products', { method: 'POST', headers, body: '{}' }))).toEqual({ authorization: 'Bearer t', cookie: 'a=b' });
  });

  it('keeps neither refusals nor personal answers', async () => {
    behaviour = (_service, _worker, _request, response) => answerJson(response, {}, {}, 400);
    await call('/api/products?junk=1');
    await call('/api/products?junk=1');
    expect(requestsTo('/api/products?junk=1')).toHaveLength(2);
    behaviour = (_service, _worker, _request, response) => answerJson(response, {}, { 'x-accel-expires': '60', 'cache-control': 'public, max-age=60' });
    expect((await call('/api/orders')).headers['x-accel-expires']).toBeUndefined();
    await call('/api/orders');
    expect(requestsTo('/api/orders')).toHaveLength(2);
  });

  it('serves what it has while the service is away, and says that it is old', async () => {
    behaviour = (_service, _worker, _request, response) => answerCatalogue(response, { items: [] });
    await call('/api/products?page=1005');
    await new Promise((resolve) => setTimeout(resolve, 3100));
    behaviour = (_service, _worker, _request, response) => answerJson(response, {}, {}, 503);
    const answer = await call('/api/products?page=1005');
    expect(answer.status).toBe(200);
    expect(answer.headers['x-cache']).toBe('STALE');
  });

  it('names the allowed origin to each reader and not the first one\'s to all', async () => {
    behaviour = (_service, _worker, _request, response) => answerCatalogue(response, {}, { 'access-control-allow-origin': 'https://first.example' });
    const url = '/api/products?page=1006';
    const first = await call(url, { headers: { origin: 'https://front.example' } });
    const stranger = await call(url, { headers: { origin: 'https://evil.example' } });
    expect(first.headers['access-control-allow-origin']).toBe('https://front.example');
    expect(stranger.headers['x-cache']).toBe('EDGE');
    expect(stranger.headers['access-control-allow-origin']).toBeUndefined();
  });
});

it('connections to a worker are kept: forty requests need few', async () => {
  behaviour = (_service, _worker, _request, response) => answerJson(response, {});
  let opened = 0;
  workers.at(-1)?.on('connection', () => (opened += 1));
  for (let i = 0; i < 40; i += 1) expect((await call(`/api/auth/kept-${i}`)).status).toBe(200);
  // One for each process of nginx that was asked.
  expect(opened).toBeLessThanOrEqual(4);
});

describe('a worker that breaks', () => {
  it('costs a GET nothing and never repeats a POST', async () => {
    behaviour = (_service, worker, _request, response) => (worker === 0 ? response.destroy() : answerJson(response, { worker }));
    for (let i = 0; i < 6; i++) expect((await call(`/api/orders/o${i}`)).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 2200));
    const before = seen.filter(({ method }) => method === 'POST').length;
    const answers = await Promise.all(Array.from({ length: 8 }, () => call('/api/orders', { method: 'POST', body: '{}' })));
    expect(seen.filter(({ method }) => method === 'POST').length - before).toBe(8);
    expect(answers.filter(({ status }) => status === 502).every(({ headers }) => headers['retry-after'] === '2')).toBe(true);
    expect(answers.some(({ status }) => status === 200)).toBe(true);
  });

  it('is a problem with Retry-After when no other is left', async () => {
    const answer = await call('/api/notifications');
    expect(answer.status).toBe(502);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/problem+json', 'retry-after': '2' });
    expect(json(answer)).toMatchObject({ code: 'dependency-unavailable', status: 502, instance: '/api/notifications', requestId: answer.headers['x-request-id'] });
  });
});

describe('the limits', () => {
  it('refuse the 21st request at once from one address, as a problem', async () => {
    behaviour = (_service, _worker, _request, response) => setTimeout(() => answerJson(response, {}), 700);
    const answers = await Promise.all(Array.from({ length: 30 }, () => call('/api/cart')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
    expect(refused).toHaveLength(10);
    for (const answer of refused) {
      expect(answer.headers['retry-after']).toBe('1');
      expect(json(answer)).toMatchObject({ code: 'rate-limited' });
    }
  });

  it('do not count catalogue readers that few', async () => {
    behaviour = (_service, _worker, _request, response) => setTimeout(() => answerCatalogue(response, {}), 300);
    const answers = await Promise.all(Array.from({ length: 40 }, (_, page) => call(`/api/products?page=${2000 + page}`)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });

  it('take 1 MB, and 5 MB for an image', async () => {
    behaviour = (_service, _worker, _request, response) => answerJson(response, {});
    const big = Buffer.alloc(1_200_000);
    const refused = await call('/api/cart/items', { method: 'POST', body: big });
    expect(refused.status).toBe(413);
    expect(json(refused)).toMatchObject({ code: 'too-large' });
    expect((await call('/api/products/p1/images', { method: 'POST', body: big })).status).toBe(200);
  });

  it('keep what is internal inside', async () => {
    for (const url of ['/internal/auth/mail-tokens/x', '/metrics', '/internal/']) {
      const answer = await call(url);
      expect(answer.status).toBe(404);
      expect(json(answer)).toMatchObject({ code: 'not-found' });
    }
  });
});

describe('renditions of pictures', () => {
  const rendition = '/images/0123456789abcdef0123456789abcdef/160.webp';
  const bytes = Buffer.from('RIFF….WEBP');

  it('come from the folder, for good, and no service is asked', async () => {
    const folder = path.join(instance.dataDir, 'images', 'public', path.dirname(rendition).slice('/images/'.length));
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, '160.webp'), bytes);
    const answer = await call(rendition);
    expect([answer.status, answer.headers['content-type'], answer.headers['cache-control'], answer.bytes.equals(bytes)]).toEqual([200, 'image/webp', 'public, max-age=31536000, immutable', true]);
    expect([answer.headers['x-content-type-options'], answer.headers['content-security-policy']]).toEqual(['nosniff', "default-src 'none'"]);
    expect(requestsTo(rendition)).toEqual([]);
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
    const other = { ...instance, dataDir: mkdtempSync(path.join(tmpdir(), 'gateway-bucket-')), ports: { ...instance.ports, gateway: instance.ports.gateway + 6, gatewayInternal: instance.ports.gatewayInternal + 6 } };
    const withBucket = gatewaySettings(other, settings.tlsDir, { IMAGES_ORIGIN: `http://127.0.0.1:${port}/bucket/public` });
    await startGateway(nginx, withBucket);
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

it('whose master was killed with -9 leaves workers that hold its ports; they are ended, and it starts again', async () => {
  expect(await endGatewayOrphans(settings.runDir)).toBe(0);
  process.kill((await gatewayPid(settings.runDir)) ?? 0, 'SIGKILL');
  await vi.waitFor(async () => expect(await gatewayPid(settings.runDir)).toBeUndefined());
  expect(await endGatewayOrphans(settings.runDir)).toBeGreaterThan(0);
  expect(await startGateway(nginx, settings)).toBe('started');
  expect((await call(`${gatewayUrl(instance)}/`)).status).toBe(200);
});
