import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccountName, Accounts, connectionLimitOf, freeServerPorts, operatorName, type RunningServer, serviceAccounts, startServers, stopServer, stopServers, urlFor, type ServerPlan } from '../servers/index.ts';

const accounts = new Accounts(randomBytes(32).toString('base64url'));
const clients: MongoClient[] = [];
let plan: ServerPlan;
let mongod: RunningServer;
let rabbitmq: RunningServer;
let before: readonly RunningServer[];

// A data folder as it was before there were accounts, with something in it; then started with accounts.
beforeAll(async () => {
  plan = {
    dataDir: await mkdtemp(join(tmpdir(), 'shopfleet-accounts-')),
    ports: await freeServerPorts(),
    report: () => undefined,
    only: ['mongod', 'rabbitmq'],
    env: { PATH: process.env['PATH'], SHOPFLEET_SERVERS: 'binary' },
  };
  before = await startServers(plan);
  const client = await MongoClient.connect(before[0]?.url ?? '');
  for (const { database } of Object.values(serviceAccounts)) if (database) await client.db(database).collection<{ _id: string }>('kept').insertOne({ _id: 'before accounts' });
  await client.close();
  await management(before[1], 'PUT', '/api/queues/%2F/kept', { durable: true });
  // No stop in between: what runs open is ended and started anew.
  [mongod, rabbitmq] = (await startServers({ ...plan, accounts })) as [RunningServer, RunningServer];
}, 180_000);
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await stopServers(plan.dataDir);
  await rm(plan.dataDir, { recursive: true, force: true });
});

async function connect(account: AccountName): Promise<MongoClient> {
  const client = await MongoClient.connect(urlFor(mongod, account, accounts), { serverSelectionTimeoutMS: 5000 });
  clients.push(client);
  return client;
}

async function management(server: RunningServer | undefined, method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const { origin, username, password } = new URL(server?.managementUrl ?? '');
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const response = await fetch(`${origin}${path}`, { method, headers: { authorization, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

describe('MongoDB with accounts', () => {
  const withDatabase = Object.entries(serviceAccounts).flatMap(([name, { database }]) => (database ? [[name as AccountName, database] as const] : []));

  it.each(withDatabase)('lets %s read and write %s, old data included, and no other database', async (name, own) => {
    const client = await connect(name);
    expect(await client.db(own).collection('kept').countDocuments()).toBe(1);
    await client.db(own).collection('written').insertOne({ by: name });
    const others = ['admin', 'config', 'local', ...withDatabase.map(([, database]) => database).filter((database) => database !== own)];
    for (const database of others) {
      const foreign = client.db(database).collection('kept');
      await expect(foreign.findOne(), `read ${database}`).rejects.toThrow(/not authorized/u);
      await expect(foreign.insertOne({ by: name }), `write ${database}`).rejects.toThrow(/not authorized/u);
    }
    const { databases } = await client.db('admin').command({ listDatabases: 1, nameOnly: true, authorizedDatabases: true });
    expect(databases).toEqual([{ name: own }]);
    const [other] = others.slice(-1);
    await expect(client.db(own).collection('kept').aggregate([{ $lookup: { from: { db: other, coll: 'kept' }, as: 'stolen', pipeline: [] } }]).toArray()).rejects.toThrow();
    await expect(client.db(own).collection('kept').aggregate([{ $out: { db: other, coll: 'kept' } }]).toArray()).rejects.toThrow(/not authorized/u);
    await expect(client.db('admin').command({ createUser: 'mallory', pwd: 'x', roles: ['root'] })).rejects.toThrow(/not authorized/u);
  });

  it('asks everybody for an account, and each for its own password', async () => {
    const nobody = await MongoClient.connect(`mongodb://127.0.0.1:${mongod.port}/?directConnection=true`);
    clients.push(nobody);
    await expect(nobody.db('shop_order').collection('kept').findOne()).rejects.toThrow(/requires authentication/u);
    await expect(nobody.db('admin').command({ createUser: 'mallory', pwd: 'x', roles: ['root'] })).rejects.toThrow(/requires authentication/u);
    const stolen = new URL(urlFor(mongod, 'order', accounts));
    stolen.username = 'auth';
    await expect(MongoClient.connect(stolen.href)).rejects.toThrow(/Authentication failed/u);
  });

  it('gives the operator all databases of the shop', async () => {
    const client = await connect(operatorName);
    for (const [, database] of withDatabase) expect(await client.db(database).collection('kept').countDocuments()).toBe(1);
  });

  it('tells the operator how many connections there may be, and a service not', async () => {
    const limit = await connectionLimitOf(urlFor(mongod, operatorName, accounts));
    expect(limit).toBeGreaterThan(100);
    const { connections } = await (await connect(operatorName)).db('admin').command({ serverStatus: 1 });
    expect(connections.current + connections.available).toBe(limit);
    expect(await connectionLimitOf(urlFor(mongod, 'order', accounts))).toBeUndefined();
  });

  it('takes another key, as after lost secrets, at the next start', async () => {
    await stopServer(mongod);
    const other = new Accounts('another key');
    const [again] = await startServers({ ...plan, only: ['mongod'], accounts: other });
    if (again === undefined) throw new Error('one server was asked for');
    const client = await MongoClient.connect(urlFor(again, 'order', other));
    clients.push(client);
    expect(await client.db('shop_order').collection('kept').countDocuments()).toBe(1);
    await expect(MongoClient.connect(urlFor(again, 'order', accounts))).rejects.toThrow(/Authentication failed/u);
  });
});

describe('RabbitMQ with accounts', () => {
  it('keeps what was there, and knows the accounts of the shop and no other', async () => {
    expect(await management(rabbitmq, 'GET', '/api/queues/%2F/kept')).toMatchObject({ status: 200 });
    const { body } = await management(rabbitmq, 'GET', '/api/users');
    expect((body as { name: string }[]).map(({ name }) => name).sort()).toEqual([operatorName, ...Object.keys(serviceAccounts)].sort());
    expect((await management(before[1], 'GET', '/api/whoami')).status).toBe(401);
  });

  it('leaves no password and no key readable for others on the machine', async () => {
    for (const file of ['mongod/member.key', 'mongod/running.json', 'rabbitmq/running.json', 'rabbitmq/definitions.json']) {
      expect((await stat(join(plan.dataDir, file))).mode & 0o077, file).toBe(0);
    }
    expect(await readFile(join(plan.dataDir, 'rabbitmq', 'definitions.json'), 'utf8')).not.toContain(accounts.password('rabbitmq', 'order'));
  });
});
