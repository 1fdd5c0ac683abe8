import { globSync, readFileSync } from 'node:fs';
import { BlockList, isIPv4 } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectDir } from '../instance.ts';
import { operatorSettings } from '../nginx/operator-settings.ts';

const read = (file: string): unknown => parse(readFileSync(path.join(projectDir, file), 'utf8'), { merge: true, maxAliasCount: -1 });
const services = ['product', 'cart', 'order', 'auth', 'notification'];

it('.env.production.example names what a shop in production needs, and nothing that nobody reads', () => {
  const text = (file: string): string => readFileSync(path.join(projectDir, file), 'utf8');
  const names = [...text('.env.production.example').matchAll(/^(?<name>[A-Z][A-Z0-9_]+)=/gmu)].map(({ groups }) => groups?.['name'] ?? '');
  expect(names).toEqual(expect.arrayContaining(['PUBLIC_URL', 'ALLOWED_ORIGINS', 'SMTP_URL', 'STRIPE_SECRET_KEY', 'MONGODB_URL', 'REDIS_CACHE_URL', 'REDIS_STATE_URL', 'RABBITMQ_URL']));
  const readers = [...globSync('{infra/local,infra/production,tools/backup,tools/ops}/**/*.{ts,mjs}', { cwd: projectDir, exclude: ['**/*.spec.ts', '**/*.int-spec.ts'] }), 'docker-compose.prod.yml'].map(text).join('\n');
  expect(names.filter((name) => !new RegExp(`\\b${name}\\b`, 'u').test(readers))).toEqual([]);
});

describe('the blueprint for Render', () => {
  interface Blueprint {
    readonly envVarGroups: readonly { readonly envVars: readonly object[] }[];
    readonly services: readonly {
      readonly name: string;
      readonly type: string;
      readonly healthCheckPath?: string;
      readonly scaling?: object;
      readonly maxmemoryPolicy?: string;
      readonly dockerCommand?: string;
      readonly preDeployCommand?: string;
      readonly envVars?: readonly { readonly key?: string; readonly value?: string; readonly fromService?: { readonly name: string; readonly property?: string } }[];
    }[];
  }
  const blueprint = read('infra/render/render.yaml') as Blueprint;
  const named = (name: string): Blueprint['services'][number] | undefined => blueprint.services.find((service) => service.name === name);

  it('scales each service from 2 to 20 at 70 % of CPU and 80 % of memory, and asks the gateway for /health', () => {
    for (const name of [...services, 'gateway']) expect([name, named(name)?.scaling]).toEqual([name, { minInstances: 2, maxInstances: 20, targetCPUPercent: 70, targetMemoryPercent: 80 }]);
    expect(named('gateway')).toMatchObject({ type: 'web', healthCheckPath: '/health' });
    expect(services.map((name) => named(name)?.type)).toEqual(services.map(() => 'pserv'));
  });

  it('has nothing that Render refuses: other fields at its root, and a prompt or a reference in a group', () => {
    expect(Object.keys(blueprint).sort()).toEqual(['envVarGroups', 'previews', 'services']);
    const given = blueprint.envVarGroups.flatMap(({ envVars }) => envVars);
    expect(given.length).toBeGreaterThan(0);
    expect(given.filter((variable) => !('value' in variable || 'generateValue' in variable))).toEqual([]);
  });

  it('gives each service commands without a shell, and asks for the names of hosts', () => {
    for (const name of services) expect([named(name)?.dockerCommand, named(name)?.preDeployCommand]).toEqual([`run-node apps/${name}/dist/main.js`, `run-node apps/${name}/dist/migrate.js`]);
    const hostsOf = (service: string): unknown => (named(service)?.envVars ?? []).filter(({ key = '' }) => key.endsWith('_HOST')).map(({ key, fromService }) => [key, fromService?.name, fromService?.property]);
    const wanted = services.map((name) => [`${name.toUpperCase()}_HOST`, name, 'host']);
    expect(hostsOf('gateway')).toEqual(wanted);
    expect(hostsOf('notification')).toEqual([['GATEWAY_HOST', 'gateway', 'host'], ...wanted]);
    expect(hostsOf('cart')).toEqual([['GATEWAY_HOST', 'gateway', 'host']]);
  });

  it('knows shoppers by their own address behind Cloudflare and Render, and nobody else by what he says', () => {
    const value = named('gateway')?.envVars?.find(({ key }) => key === 'GATEWAY_TRUSTED_PROXIES')?.value ?? '';
    const trusted = new BlockList();
    for (const range of operatorSettings({ GATEWAY_TRUSTED_PROXIES: value }, true).frontProxies ?? []) {
      const [address = '', bits] = range.split('/');
      trusted.addSubnet(address, Number(bits), isIPv4(address) ? 'ipv4' : 'ipv6');
    }
    // As nginx does with `real_ip_recursive`: from the right, the first that no trusted proxy has.
    const client = (forwarded: readonly string[], peer: string): string | undefined => [...forwarded, peer].findLast((address) => !trusted.check(address, isIPv4(address) ? 'ipv4' : 'ipv6'));
    expect(client(['99.61.165.29', '104.22.17.40'], '10.21.157.68')).toBe('99.61.165.29');
    expect(client(['203.0.113.1', '2001:db8::7', '2606:4700::40'], '10.21.157.68')).toBe('2001:db8::7');
    // Somebody's program that runs at Cloudflare.
    expect(client(['203.0.113.1', '2a06:98c0:3600::103', '2606:4700::40'], '10.21.157.68')).toBe('2a06:98c0:3600::103');
  });

  it('has a Redis that forgets and one that does not', () => {
    expect([named('redis-cache')?.maxmemoryPolicy, named('redis-state')?.maxmemoryPolicy]).toEqual(['allkeys-lru', 'noeviction']);
  });
});

describe('docker-compose.prod.yml', () => {
  interface Compose {
    readonly services: Readonly<Record<string, { readonly deploy?: object }>>;
  }

  it('runs three of each service, within 2 cores and 2 GB, with 1 core and 1 GB kept for each', () => {
    const compose = read('docker-compose.prod.yml') as Compose;
    for (const name of services) {
      expect([name, compose.services[name]?.deploy]).toMatchObject([
        name,
        { replicas: '${SHOPFLEET_REPLICAS:-3}', resources: { limits: { cpus: '${SHOPFLEET_CPUS:-2}', memory: '2G' }, reservations: { cpus: '1', memory: '1G' } } },
      ]);
    }
  });
});
