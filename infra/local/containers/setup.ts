// One-shot container before the services: makes the replica set and its accounts, waits for RabbitMQ, migrates. Done again
// at each start; what is there already stays.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Accounts, operatorName, serviceAccounts } from '../servers/accounts.ts';
import { ensureReplicaSet } from './replica-set.ts';

const run = promisify(execFile);
const patienceMs = 120_000;

const members = (process.env['MONGO_MEMBERS'] ?? 'mongo-1:27017').split(',');
const seeds = (process.env['MONGO_SEEDS'] ?? members.join(',')).split(',');
const rabbitmq = process.env['RABBITMQ_ADDRESS'] ?? 'rabbitmq:5672';
const accounts = new Accounts(readFileSync(process.env['ACCOUNTS_KEY_FILE'] ?? '/run/secrets/accounts-key', 'utf8').trim());

await patiently('MongoDB', () => ensureReplicaSet(members, accounts));
say(`replica set of ${members.length} with its accounts`);
await patiently('RabbitMQ', () => reach(rabbitmq));
await Promise.all(Object.entries(serviceAccounts).map(([service, { database }]) => migrate(service, database)));
say('migrated');

async function migrate(service: string, database: string | undefined): Promise<void> {
  const env = {
    PATH: process.env['PATH'],
    NODE_ENV: process.env['NODE_ENV'],
    RABBITMQ_URL: `amqp://${operatorName}:${accounts.password('rabbitmq', operatorName)}@${rabbitmq}`,
    ...(database && { MONGODB_URI: `mongodb://${operatorName}:${accounts.password('mongod', operatorName)}@${seeds.join(',')}/${database}?replicaSet=rs0&authSource=admin` }),
  };
  await patiently(`the migration of ${service}`, () => run(process.execPath, [`apps/${service}/dist/migrate.js`], { env, timeout: 60_000 }));
}

async function patiently(what: string, work: () => Promise<unknown>): Promise<void> {
  for (const deadline = Date.now() + patienceMs; ; ) {
    try {
      await work();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`${what} is not ready after ${patienceMs / 1000} s`, { cause: error });
      await delay(500);
    }
  }
}

async function reach(address: string): Promise<void> {
  const [host = '', port = ''] = address.split(':');
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host, port: Number(port), timeout: 2000 }, () => {
      socket.destroy();
      resolve();
    });
    socket.once('timeout', () => socket.destroy(new Error('silent')));
    socket.once('error', reject);
  });
}

function say(msg: string): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), service: 'setup', msg })}\n`);
}
