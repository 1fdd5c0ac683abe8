import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freeServerPorts, isAlive, killServer, probe, type RunningServer, type ServerName, type ServerPlan, startReaper, startServers, stopServer, stopServers } from '../servers/index.ts';
import { isRunning } from '../servers/processes.ts';

let plan: ServerPlan;
const steps: string[] = [];

beforeEach(async () => {
  steps.length = 0;
  plan = {
    dataDir: await mkdtemp(join(tmpdir(), 'shopfleet-servers-')),
    ports: await freeServerPorts(),
    report: ({ server, detail }) => steps.push(`${server} ${detail}`),
    env: { PATH: process.env['PATH'], SHOPFLEET_SERVERS: 'binary' },
  };
});

afterEach(async () => {
  await stopServers(plan.dataDir);
  await rm(plan.dataDir, { recursive: true, force: true });
});

async function start(name: ServerName, changes: Partial<ServerPlan> = {}): Promise<RunningServer> {
  const [server] = await startServers({ ...plan, only: [name], ...changes });
  if (server === undefined) throw new Error('one server was asked for');
  return server;
}

describe('starting servers', () => {
  it('keeps the one that already runs for the data folder', async () => {
    const first = await start('redis-state');
    const second = await start('redis-state');
    expect(second).toEqual(first);
    expect(steps).toContain(`redis-state already runs on port ${first.port}`);
  });

  it('ends what a killed start left behind, even when nothing was written down', async () => {
    const lost = await start('redis-state');
    await rm(join(plan.dataDir, 'redis-state', 'running.json'));
    const next = await start('redis-state');
    expect(await isAlive(lost)).toBe(false);
    expect(await isAlive(next)).toBe(true);
  });

  it('leaves a foreign process alone that got the pid of a dead server', async () => {
    const server = await start('redis-state');
    await killServer(server);
    const file = join(plan.dataDir, 'redis-state', 'running.json');
    const record = JSON.parse(await readFile(file, 'utf8')) as RunningServer;
    await writeFile(file, JSON.stringify({ ...record, pid: process.ppid }));
    await start('redis-state');
    expect(await isRunning({ pid: process.ppid })).toBe(true);
  });

  it('names the port that is taken, who holds it and the variable that moves it', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(plan.ports.redisCache, '127.0.0.1', resolve));
    try {
      const message = await start('redis-cache').catch((error: unknown) => String(error));
      expect(message).toContain(`port ${plan.ports.redisCache} is taken`);
      expect(message).toContain(`pid ${process.pid}`);
      expect(message).toContain('SHOPFLEET_PORT_OFFSET');
      expect(message).not.toContain('\n');
    } finally {
      await new Promise((resolve) => holder.close(resolve));
    }
  });

  it('stops the others when one cannot start', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(plan.ports.redisCache, '127.0.0.1', resolve));
    try {
      await expect(startServers({ ...plan, only: ['redis-cache', 'redis-state'] })).rejects.toThrow(/is taken/);
      await expect(probe({ name: 'redis-state', kind: 'env', url: `redis://127.0.0.1:${plan.ports.redisState}`, port: plan.ports.redisState, logFile: '' })).rejects.toThrow();
    } finally {
      await new Promise((resolve) => holder.close(resolve));
    }
  });

  it('says in one line with the last words why a server ended at once', async () => {
    const failure = startServers({ ...plan, only: ['redis-state'], redisDatabases: -1 });
    await expect(failure).rejects.toThrow(/redis-state: ended right after its start; its last words: ".+" \(all of them in .+redis-state\.log\)/);
  });

  it('brings mongod back with its data on another port', async () => {
    const before = await start('mongod');
    const client = await MongoClient.connect(before.url);
    await client.db('shop').collection<{ _id: string }>('orders').insertOne({ _id: 'ord_1' });
    await client.close();
    await stopServer(before);
    const after = await start('mongod', { ports: { ...plan.ports, mongod: (await freeServerPorts()).mongod } });
    expect(after.port).not.toBe(before.port);
    const again = await MongoClient.connect(after.url);
    expect(await again.db('shop').collection('orders').countDocuments()).toBe(1);
    await again.close();
  });
});

describe('servers given by their URL', () => {
  it('are used as they are and not stopped', async () => {
    const own = await start('redis-state');
    const elsewhere = { ...plan, dataDir: join(plan.dataDir, 'other'), only: ['redis-state' as const], env: { REDIS_STATE_URL: own.url } };
    const [given] = await startServers(elsewhere);
    expect(given).toMatchObject({ kind: 'env', url: own.url });
    await stopServers(elsewhere.dataDir);
    if (given !== undefined) await stopServer(given);
    expect(await isAlive(own)).toBe(true);
  });

  it('fail the start in one line with their variable when they do not answer', async () => {
    const url = `redis://127.0.0.1:${plan.ports.redisState}`;
    await expect(start('redis-state', { env: { REDIS_STATE_URL: url } })).rejects.toThrow(/REDIS_STATE_URL does not answer.*unset/);
  });
});

describe('the reaper', () => {
  it('ends the servers and removes their folder when its owner is done', async () => {
    const reaper = startReaper(plan.dataDir);
    const server = await start('redis-cache');
    await reaper.finish();
    expect(await isAlive(server)).toBe(false);
    await expect(readFile(server.logFile)).rejects.toThrow(/ENOENT/);
  });
});
