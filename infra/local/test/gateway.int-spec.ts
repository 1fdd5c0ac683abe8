import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { endGatewayOrphans } from '../gateway-orphans.ts';
import { gatewayPid, gatewaySettings, gatewayUrl, startGateway } from '../gateway.ts';
import { renderGateway } from '../nginx/render.ts';
import { answerCatalogue, answerJson, GatewayWorld, json } from './gateway-world.ts';

let world: GatewayWorld;
const call: GatewayWorld['call'] = (...args) => world.call(...args);

beforeAll(async () => {
  world = await GatewayWorld.open('gateway', 9_000);
});
afterAll(() => world?.close());

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
    const variant = gatewaySettings({ ...world.instance, dataDir }, world.settings.tlsDir, environment);
    const file = renderGateway(variant);
    await expect(promisify(execFile)(world.nginx, ['-t', '-q', '-p', variant.runDir, '-c', file, '-e', path.join(dataDir, 'start.log')])).resolves.toBeDefined();
  });

  it.each([true, false])('is accepted by nginx as containers have it, plain HTTP: %s', async (plainHttp) => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'gateway-container-'));
    const usual = gatewaySettings({ ...world.instance, dataDir }, world.settings.tlsDir);
    const upstreams = usual.upstreams.map(({ name }, index) => ({ name, replicas: index === 0 ? [] : ['10.0.0.7:3000', '10.0.0.9:3000'] }));
    const file = renderGateway({ ...usual, upstreams, plainHttp, callers: ['10.0.0.0/8', '172.16.0.0/12'] });
    await expect(promisify(execFile)(world.nginx, ['-t', '-q', '-p', usual.runDir, '-c', file, '-e', path.join(dataDir, 'start.log')])).resolves.toBeDefined();
  });

  it('packs by gzip at level 6 what a service sends unpacked', async () => {
    // All that nginx has read, with its includes.
    const { stdout } = await promisify(execFile)(world.nginx, ['-T', '-q', '-p', world.settings.runDir, '-c', renderGateway(world.settings), '-e', path.join(world.instance.dataDir, 'start.log')], { maxBuffer: 8 * 1024 * 1024 });
    expect(stdout.match(/^\s*gzip_comp_level\b.*$/gmu)?.map((line) => line.trim())).toEqual(['gzip_comp_level 6;']);
    world.behaviour = (_service, _worker, _request, response) => answerJson(response, { text: 'unpacked '.repeat(500) });
    const { headers, bytes } = await call('/api/cart', { headers: { 'accept-encoding': 'gzip' } });
    expect(headers['content-encoding']).toBe('gzip');
    expect(json({ bytes: gunzipSync(bytes) })).toEqual({ text: 'unpacked '.repeat(500) });
  });

  it('is refused with the reason when nginx cannot use it', async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'gateway-broken-'));
    const broken = { ...gatewaySettings({ ...world.instance, dataDir }, path.join(dataDir, 'no-tls')), gatewayPort: 23_999 };
    await expect(startGateway(world.nginx, broken)).rejects.toThrow(/nginx refuses its configuration: .*server\.pem/u);
  });
});

describe('what a service sees', () => {
  beforeAll(() => {
    world.behaviour = (service, _worker, incoming, response) => answerJson(response, { service, headers: incoming.headers });
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
    const internal = `http://127.0.0.1:${world.instance.ports.gatewayInternal}`;
    const answer = await call(`${internal}/internal/auth/mail-tokens/abc?x=1`, { headers: { 'x-real-ip': '9.9.9.9', 'x-internal-token': 'secret' } });
    const { service, headers } = json(answer) as { service: string; headers: Record<string, string> };
    expect(service).toBe('auth');
    expect(headers).toMatchObject({ 'x-real-ip': '9.9.9.9', 'x-internal-token': 'secret' });
    expect(world.seen.at(-1)?.url).toBe('/internal/mail-tokens/abc?x=1');
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

it('connections to a worker are kept: forty requests need few', async () => {
  world.behaviour = (_service, _worker, _request, response) => answerJson(response, {});
  let opened = 0;
  world.workers.at(-1)?.on('connection', () => (opened += 1));
  for (let i = 0; i < 40; i += 1) expect((await call(`/api/auth/kept-${i}`)).status).toBe(200);
  // One for each process of nginx that was asked.
  expect(opened).toBeLessThanOrEqual(4);
});

describe('a worker that breaks', () => {
  it('costs a GET nothing and never repeats a POST', async () => {
    world.behaviour = (_service, worker, _request, response) => (worker === 0 ? response.destroy() : answerJson(response, { worker }));
    for (let i = 0; i < 6; i++) expect((await call(`/api/orders/o${i}`)).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 2200));
    const before = world.seen.filter(({ method }) => method === 'POST').length;
    const answers = await Promise.all(Array.from({ length: 8 }, () => call('/api/orders', { method: 'POST', body: '{}' })));
    expect(world.seen.filter(({ method }) => method === 'POST').length - before).toBe(8);
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
    world.behaviour = (_service, _worker, _request, response) => setTimeout(() => answerJson(response, {}), 700);
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
    world.behaviour = (_service, _worker, _request, response) => setTimeout(() => answerCatalogue(response, {}), 300);
    const answers = await Promise.all(Array.from({ length: 40 }, (_, page) => call(`/api/products?page=${2000 + page}`)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });

  it('take 1 MB, and 5 MB for an image', async () => {
    world.behaviour = (_service, _worker, _request, response) => answerJson(response, {});
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

it('whose master was killed with -9 leaves workers that hold its ports; they are ended, and it starts again', async () => {
  expect(await endGatewayOrphans(world.settings.runDir)).toBe(0);
  process.kill((await gatewayPid(world.settings.runDir)) ?? 0, 'SIGKILL');
  await vi.waitFor(async () => expect(await gatewayPid(world.settings.runDir)).toBeUndefined());
  expect(await endGatewayOrphans(world.settings.runDir)).toBeGreaterThan(0);
  expect(await startGateway(world.nginx, world.settings)).toBe('started');
  expect((await call(`${gatewayUrl(world.instance)}/`)).status).toBe(200);
});
