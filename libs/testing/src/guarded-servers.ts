import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AccountName, Accounts, freeServerPorts, startReaper, startServers, urlFor } from '@shopfleet/local';

export interface GuardedServer {
  /** The address under the account of a service, or under `shopfleet`, the operator's. */
  as(account: AccountName): string;
  stop(): Promise<void>;
}

/**
 * A MongoDB or RabbitMQ of its own with the accounts of a shop, started by the code that `npm start` uses. The servers that
 * tests share are open to every test; this one shows what a service may not do.
 * @example const rabbitmq = await startGuardedServer('rabbitmq'); connect(rabbitmq.as('cart'));
 */
export async function startGuardedServer(name: 'mongod' | 'rabbitmq'): Promise<GuardedServer> {
  const accounts = new Accounts(randomBytes(32).toString('base64url'));
  const dataDir = await mkdtemp(join(tmpdir(), 'shopfleet-guarded-'));
  const reaper = startReaper(dataDir);
  const env = { PATH: process.env['PATH'], SHOPFLEET_SERVERS: 'binary' };
  try {
    const [server] = await startServers({ dataDir, ports: await freeServerPorts(), only: [name], accounts, report: () => undefined, env });
    if (server === undefined) throw new Error('one server was asked for');
    return { as: (account) => urlFor(server, account, accounts), stop: () => reaper.finish() };
  } catch (error) {
    await reaper.finish();
    throw error;
  }
}
