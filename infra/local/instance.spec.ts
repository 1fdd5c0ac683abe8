import { describe, expect, it } from 'vitest';
import { resolveInstance } from './instance.ts';

describe('an instance', () => {
  it('is dev on the ports of the README and in PM2\'s default home, where nothing else is said', () => {
    const instance = resolveInstance({});
    expect(instance).toMatchObject({ name: 'dev', pm2Home: undefined, seedProfile: 'demo' });
    expect(instance.ports).toMatchObject({ gateway: 8080, gatewayInternal: 8081, mongod: 27100 });
    expect(instance.dataDir).toMatch(/\.shopfleet\/dev$/u);
  });

  it('shares no port, folder or PM2 with another one', () => {
    const dev = resolveInstance({});
    const test = resolveInstance({ SHOPFLEET_INSTANCE: 'test' });
    // Up to 20 workers count on from the port of each service.
    const range = (port: number, name: string) => (['product', 'cart', 'auth', 'order', 'notification'].includes(name) ? Array.from({ length: 20 }, (_, slot) => port + slot) : [port]);
    const all = [dev, test].flatMap(({ ports }) => Object.entries(ports).flatMap(([name, port]) => range(port, name)));
    expect(new Set(all).size).toBe(all.length);
    expect(test.ports.gateway).toBe(18080);
    expect(test.dataDir).not.toBe(dev.dataDir);
    expect(test.pm2Home).toBeDefined();
  });

  it('keeps out of the range that the system gives to outgoing connections', () => {
    expect(Object.values(resolveInstance({ SHOPFLEET_INSTANCE: 'test' }).ports).every((port) => port < 32_768)).toBe(true);
  });

  it('puts the sockets of PM2 where their path is short enough', () => {
    const { pm2Home } = resolveInstance({ SHOPFLEET_INSTANCE: 'test', SHOPFLEET_DATA_DIR: `/tmp/${'deep/'.repeat(30)}` });
    expect(Buffer.byteLength(`${pm2Home}/rpc.sock`)).toBeLessThan(108);
  });

  it.each([
    [{ SHOPFLEET_INSTANCE: '../up' }, 'SHOPFLEET_INSTANCE'],
    [{ SHOPFLEET_PORT_OFFSET: 'many' }, 'SHOPFLEET_PORT_OFFSET'],
    [{ SHOPFLEET_SEED: 'huge' }, 'SHOPFLEET_SEED'],
  ])('refuses %o, naming the variable', (environment, variable) => {
    expect(() => resolveInstance(environment)).toThrow(variable);
  });
});
