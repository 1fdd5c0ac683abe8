import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { eventually, freshRedis, killServer, restartServer } from '@shopfleet/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RateLimitModuleOptions } from '../src/index.ts';
import { limitedApp } from './limited-app.ts';

let stateUrl: string;
const apps: NestFastifyApplication[] = [];

beforeEach(async () => {
  stateUrl = await freshRedis('state');
});

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

async function start(options: Partial<RateLimitModuleOptions> = {}): Promise<string> {
  const { app, url } = await limitedApp(stateUrl, options);
  apps.push(app);
  return url;
}

async function statuses(requests: Iterable<Promise<Response>>): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  for (const { status } of await Promise.all(requests)) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}

describe('over four workers', () => {
  it('allows exactly 100 of 1,000 requests, and a forged X-Forwarded-For gains nothing', async () => {
    const urls = await Promise.all([start(), start(), start(), start()]);
    const requests = Array.from({ length: 1_000 }, (_, i) =>
      fetch(`${urls[i % 4]}/things`, { headers: { 'x-real-ip': '203.0.113.7', 'x-forwarded-for': `198.51.100.${i % 250}`, forwarded: `for=192.0.2.${i % 250}` } }),
    );
    expect(await statuses(requests)).toEqual(new Map([[200, 100], [429, 900]]));
  });
});

describe('an answer', () => {
  it('carries the standard headers and no others', async () => {
    const { headers } = await fetch(`${await start()}/things`);
    expect(headers.get('ratelimit-policy')).toBe('"default";q=100;w=60');
    expect(headers.get('ratelimit')).toBe('"default";r=99;t=60');
    expect([...headers.keys()].filter((name) => name.startsWith('x-ratelimit') || name.startsWith('retry-after'))).toEqual([]);
  });

  it('says when to come back once it is 429', async () => {
    const url = await start({ limit: 1 });
    await fetch(`${url}/things`);
    const response = await fetch(`${url}/things`);
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(55);
    expect(response.headers.get('ratelimit')).toMatch(/^"default";r=0;t=\d+$/u);
    expect(await response.json()).toMatchObject({ code: 'rate-limited', detail: expect.stringMatching(/Try again in \d+ seconds\./u) });
  });

  it('carries the headers also when it is an error', async () => {
    const response = await fetch(`${await start()}/wrong`, { method: 'POST' });
    expect(response.status).toBe(409);
    expect(response.headers.get('ratelimit')).toContain('r=99');
  });

  it('carries none when it is cacheable, but counts', async () => {
    const url = await start();
    const cacheable = await fetch(`${url}/cacheable`);
    expect([...cacheable.headers.keys()].filter((name) => name.startsWith('ratelimit'))).toEqual([]);
    expect((await fetch(`${url}/things`)).headers.get('ratelimit')).toContain('r=98');
  });
});

describe('the limit', () => {
  it('is a thousand times as high for the load-test range, and still counted', async () => {
    const url = await start({ loadTestRange: '198.51.100.0/24' });
    const headersOf = async (address: string): Promise<string | null> => (await fetch(`${url}/things`, { headers: { 'x-real-ip': address } })).headers.get('ratelimit');
    expect(await headersOf('198.51.100.9')).toContain('r=99999');
    expect(await headersOf('203.0.113.9')).toContain('r=99;');
  });

  it('is shared by the addresses of one IPv6 network', async () => {
    const url = await start();
    await fetch(`${url}/things`, { headers: { 'x-real-ip': '2001:db8::1' } });
    const { headers } = await fetch(`${url}/things`, { headers: { 'x-real-ip': '2001:db8::ffff:2' } });
    expect(headers.get('ratelimit')).toContain('r=98');
  });

  it('spares routes that are freed with a reason', async () => {
    const url = await start({ limit: 1 });
    expect(await statuses(Array.from({ length: 5 }, () => fetch(`${url}/keys`)))).toEqual(new Map([[200, 5]]));
  });
});

describe('a costly operation', () => {
  const from = (address: string, caller?: string): RequestInit => ({ method: 'POST', headers: { 'x-real-ip': address, ...(caller !== undefined && { authorization: `Bearer ${caller}` }) } });
  const manyFrom = (urls: readonly string[], path: string, count: number, init: (i: number) => RequestInit): Promise<Map<number, number>> =>
    statuses(Array.from({ length: count }, (_, i) => fetch(`${urls[i % urls.length]}${path}`, init(i))));

  it.each([
    ['nobody', undefined, 10],
    ['a customer', 'customer', 20],
    ['an employee', 'employee', 50],
    ['a manager', 'manager,employee', 100],
    ['a partner owner', 'partner-owner', 200],
    ['an admin', 'admin', 500],
    ['a super admin', 'super-admin', 1000],
  ])('allows %s the tier of the role, over all workers', async (_who, roles, tier) => {
    const urls = await Promise.all([start({ limit: 10_000 }), start({ limit: 10_000 })]);
    const caller = roles && `usr_1:${roles}`;
    // Addresses differ, so that neither their burst nor their limit is met; nobody is counted by address.
    const address = (i: number): string => (caller === undefined ? '203.0.113.7' : `10.0.${i >> 8}.${i & 255}`);
    expect(await manyFrom(urls, '/checkout', tier + 40, (i) => from(address(i), caller))).toEqual(new Map([[201, tier], [429, 40]]));
  });

  it('allows one address 30 a minute over all costly operations, whoever sends them', async () => {
    const url = await start();
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => fetch(`${url}/${i % 2 === 0 ? 'checkout' : 'export'}`, from('203.0.113.7', `usr_${i}:customer`))));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(30);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.headers.get('ratelimit')).toMatch(/^"burst";r=0;t=\d+$/u);
    expect(Number(refused?.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  });

  it('names all its limits in the headers', async () => {
    const { headers } = await fetch(`${await start()}/checkout`, from('203.0.113.7', 'usr_1:customer'));
    expect(headers.get('ratelimit-policy')).toBe('"default";q=100;w=60, "checkout";q=20;w=900, "burst";q=30;w=60');
    expect(headers.get('ratelimit')).toBe('"default";r=99;t=60, "checkout";r=19;t=900, "burst";r=29;t=60');
  });

  it('has a figure of its own where one is given', async () => {
    const url = await start();
    expect(await statuses(Array.from({ length: 8 }, () => fetch(`${url}/search`)))).toEqual(new Map([[200, 5], [429, 3]]));
  });

  it('counts against no limit when one of them refuses', async () => {
    const url = await start();
    await manyFrom([url], '/checkout', 12, () => from('203.0.113.7'));
    expect((await fetch(`${url}/things`, { headers: { 'x-real-ip': '203.0.113.7' } })).headers.get('ratelimit')).toContain('r=89');
  });

  it('is raised for the load-test range, and still counted', async () => {
    const url = await start({ loadTestRange: '198.51.100.0/24' });
    expect((await fetch(`${url}/checkout`, from('198.51.100.1'))).headers.get('ratelimit')).toContain('"checkout";r=9999;');
  });
});

describe('a region', () => {
  it('has limits of its own, which nobody but the gateway chooses', async () => {
    const limitOf = async (url: string, region: string): Promise<string | null> => (await fetch(`${url}/things`, { headers: { 'x-region': region, 'x-real-ip': '203.0.113.7' } })).headers.get('ratelimit-policy');
    const url = await start({ regionLimits: 'far=0.5,near=2' });
    expect([await limitOf(url, 'far'), await limitOf(url, 'near'), await limitOf(url, 'elsewhere')]).toEqual(['"default";q=50;w=60', '"default";q=200;w=60', '"default";q=100;w=60']);
    const notBehindGateway = await start({ regionLimits: 'near=2', proxies: ['192.0.2.1'] });
    expect(await limitOf(notBehindGateway, 'near')).toBe('"default";q=100;w=60');
  });
});

describe('without Redis', () => {
  afterEach(() => restartServer('redis-state'));

  it('counts in memory, a part for each worker, answers no 500 and does not wait, then shares again', async () => {
    const urls = await Promise.all([start({ workers: 2 }), start({ workers: 2 })]);
    await fetch(`${urls[0]}/things`);
    await killServer('redis-state');
    const begun = performance.now();
    const requests = Array.from({ length: 400 }, (_, i) => fetch(`${urls[i % 2]}/things`, { headers: { 'x-real-ip': '203.0.113.8' } }));
    expect(await statuses(requests)).toEqual(new Map([[200, 100], [429, 300]]));
    expect(performance.now() - begun).toBeLessThan(3_000);
    await restartServer('redis-state');
    await eventually(async () => {
      const [first, second] = await Promise.all(urls.map((url) => fetch(`${url}/things`, { headers: { 'x-real-ip': '203.0.113.9' } })));
      expect(first?.headers.get('ratelimit')).not.toBe(second?.headers.get('ratelimit'));
      expect(first?.headers.get('ratelimit-policy')).toContain('q=100');
    });
  });
});
