import { createServer, connect, type AddressInfo } from 'node:net';
import { eventually, freshRedis, killServer, restartServer } from '@shopfleet/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadScript, RedisStateClient } from '../src/index.ts';

let client: RedisStateClient;

beforeEach(async () => {
  client = new RedisStateClient(await freshRedis('state'));
});

afterEach(async () => {
  await client.onApplicationShutdown();
});

const countScript = (): ReturnType<typeof loadScript<[string, number]>> =>
  loadScript<[string, number]>(client, new URL('./lua/count.lua', import.meta.url), { keys: 1 });

describe('loadScript', () => {
  it('runs a script with the parts it includes', async () => {
    const count = countScript();
    expect(await count(['counter'], 3)).toEqual(['included', 3]);
    expect(await count(['counter'], 4)).toEqual(['included', 7]);
  });

  it('goes on when the server has forgotten the script, running each call once', async () => {
    const count = countScript();
    await count(['counter'], 1);
    await client.script('FLUSH');
    await Promise.all(Array.from({ length: 20 }, () => count(['counter'], 1)));
    expect(await client.get('counter')).toBe('21');
  });

  it('refuses another number of keys than the script takes', async () => {
    await expect(countScript()(['a', 'b'], 1)).rejects.toThrow(RangeError);
  });

  it('names the file that is missing when it is loaded', () => {
    expect(() => loadScript(client, new URL('./lua/nowhere.lua', import.meta.url), { keys: 0 })).toThrow(/nowhere\.lua/u);
  });
});

it('sends what is asked for in one turn of the event loop in one piece, and no other command waits for the next turn', async () => {
  const { hostname, port } = new URL(await freshRedis('state'));
  const pieces: string[] = [];
  const between = createServer((socket) => {
    const server = connect(Number(port), hostname);
    socket.on('data', (piece) => pieces.push(piece.toString()));
    socket.pipe(server).pipe(socket);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => between.once('listening', resolve));
  const through = new RedisStateClient(`redis://127.0.0.1:${(between.address() as AddressInfo).port}`);
  try {
    await through.ping();
    pieces.length = 0;
    await Promise.all(Array.from({ length: 100 }, (_, n) => through.set(`key${n}`, n)));
    await through.get('key99');
    expect(pieces.map((piece) => piece.match(/key\d+/gu)?.length)).toEqual([100, 1]);
  } finally {
    await through.onApplicationShutdown();
    between.close();
  }
});

describe('listen', () => {
  it('hears what is said on its channel until it stops', async () => {
    const heard: string[] = [];
    const channel = `listen-${Math.random()}`;
    const stop = await client.listen(channel, { onMessage: (message) => heard.push(message) });
    await client.publish(channel, 'one');
    await eventually(() => expect(heard).toEqual(['one']));
    await stop();
    await client.publish(channel, 'two');
    await client.ping();
    expect(heard).toEqual(['one']);
  });
});

describe('while the server is away', () => {
  afterEach(() => restartServer('redis-state'));

  it('rejects within a second instead of queueing, and comes back by itself with its listeners told of the gap', async () => {
    let gaps = 0;
    const heard: string[] = [];
    await client.listen('gap', { onMessage: (message) => heard.push(message), onGap: () => (gaps += 1) });
    const count = countScript();
    await count(['counter'], 1);
    await killServer('redis-state');
    const begun = performance.now();
    await expect(count(['counter'], 1)).rejects.toMatchObject({ code: 'dependency-unavailable', status: 503 });
    await expect(count(['counter'], 1)).rejects.toMatchObject({ code: 'dependency-unavailable' });
    expect(performance.now() - begun).toBeLessThan(1_200);
    await restartServer('redis-state');
    await eventually(async () => expect((await count(['counter'], 0))[1]).toBe(1), { timeoutMs: 10_000 });
    await eventually(() => expect(gaps).toBe(1), { timeoutMs: 10_000 });
    await client.publish('gap', 'again');
    await eventually(() => expect(heard).toEqual(['again']));
  });
});
