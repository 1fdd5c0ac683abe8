import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { gatewaySettings } from '../gateway.ts';
import { resolveInstance } from '../instance.ts';
import { renderGateway, renderUpstream } from './render.ts';

function settings(environment: NodeJS.ProcessEnv = {}) {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'render-'));
  return gatewaySettings(resolveInstance({ SHOPFLEET_DATA_DIR: dataDir }), path.join(dataDir, 'tls'), environment);
}

describe('the rendered gateway', () => {
  it('has one line per slot, so that least_conn sees each worker', () => {
    const text = renderUpstream({ name: 'order', basePort: 5400, slots: 20 });
    expect(text.match(/server 127\.0\.0\.1:54\d\d max_fails=1 fail_timeout=2s;/gu)).toHaveLength(20);
    expect(text).toContain('least_conn;');
  });

  it('sends HSTS of a year for a shop in production, and never for localhost', () => {
    const of = (nodeEnv: string, PUBLIC_URL: string) => {
      const dataDir = mkdtempSync(path.join(tmpdir(), 'render-'));
      return gatewaySettings(resolveInstance({ SHOPFLEET_DATA_DIR: dataDir, NODE_ENV: nodeEnv }), path.join(dataDir, 'tls'), { PUBLIC_URL }).hstsSeconds;
    };
    expect([of('production', 'https://shop.example.com'), of('production', 'https://localhost:8080'), of('development', 'https://shop.example.com')]).toEqual([31_536_000, undefined, undefined]);
  });

  it('records the share of traces that is asked for, and none without a collector', () => {
    const mapsOf = (environment: NodeJS.ProcessEnv) => readFileSync(path.join(path.dirname(renderGateway(settings(environment))), 'http/maps.conf'), 'utf8');
    expect(mapsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' })).toContain('  1.00% 01;');
    expect(mapsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_TRACES_SAMPLER_ARG: '0.25' })).toContain('  25.00% 01;');
    expect(mapsOf({})).not.toContain('01;');
    expect(() => settings({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_TRACES_SAMPLER_ARG: 'all' })).toThrow('OTEL_TRACES_SAMPLER_ARG');
  });

  it('has one line per replica of a container, and one that refuses where there is none', () => {
    expect(renderUpstream({ name: 'cart', replicas: ['10.0.0.7:3000', '10.0.0.9:3000'] }).match(/server 10\.0\.0\.[79]:3000 max_fails=1 fail_timeout=2s;/gu)).toHaveLength(2);
    expect(renderUpstream({ name: 'cart', replicas: [] })).toContain('server 127.0.0.1:1 ');
  });

  it('believes X-Forwarded-For of the named proxies, and of nobody else', () => {
    const publicOf = (environment: NodeJS.ProcessEnv) => readFileSync(path.join(path.dirname(renderGateway(settings(environment))), 'servers/public.conf'), 'utf8');
    expect(publicOf({ GATEWAY_TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.1' })).toMatch(/set_real_ip_from 10\.0\.0\.0\/8;\s+set_real_ip_from 192\.0\.2\.1;\s+real_ip_header X-Forwarded-For;/u);
    expect(publicOf({})).not.toContain('real_ip');
    expect(() => publicOf({ GATEWAY_TRUSTED_PROXIES: 'proxy; deny all' })).toThrow('GATEWAY_TRUSTED_PROXIES');
  });

  it('leaves no placeholder unfilled', () => {
    const file = renderGateway(settings());
    for (const name of ['nginx.conf', 'servers/public.conf', 'servers/internal.conf', 'http/maps.conf', 'html/index.html']) {
      expect(readFileSync(path.join(path.dirname(file), name), 'utf8')).not.toMatch(/\{\{\w+\}\}/u);
    }
  });

  it.each([
    [{ LOADTEST_CIDR: '10.0.0.0/8; deny all' }, 'LOADTEST_CIDR'],
    [{ REGIONS: '203.0.113.0/24=eu; deny all' }, 'REGIONS'],
    [{ REGIONS: '203.0.113.0/24' }, 'REGIONS'],
    [{ ALLOWED_ORIGINS: 'https://a.example/path' }, 'ALLOWED_ORIGINS'],
    [{ ALLOWED_ORIGINS: '"; return 200' }, 'ALLOWED_ORIGINS'],
    [{ IMAGES_ORIGIN: 'https://bucket.example/public; return 200' }, 'IMAGES_ORIGIN'],
    [{ IMAGES_ORIGIN: 'file:///etc' }, 'IMAGES_ORIGIN'],
  ])('refuses %o, naming the variable', (environment, variable) => {
    expect(() => renderGateway(settings(environment))).toThrow(variable);
  });

  it('refuses a folder that nginx would misread', () => {
    expect(() => renderGateway({ ...settings(), tlsDir: '/home/ada/my shop/tls' })).toThrow('/home/ada/my shop/tls');
  });
});
