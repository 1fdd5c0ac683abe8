import { createHash } from 'node:crypto';
import { type AccountName, type Accounts, operatorName, serviceAccounts } from './accounts.ts';

interface Permission {
  readonly user: string;
  readonly vhost: string;
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

const vhost = '/';
const nothing = '^$';

/**
 * What RabbitMQ loads at each start: accounts and what each may do. A service publishes its own events, takes from its own
 * inbox and puts aside into its own queues; it declares and binds nothing, which is the migration's work under the
 * operator's account. Passwords are in it as salted hashes only.
 */
export function rabbitmqDefinitions(accounts: Accounts): string {
  const services = Object.keys(serviceAccounts) as (keyof typeof serviceAccounts)[];
  return JSON.stringify({
    vhosts: [{ name: vhost }],
    users: [user(operatorName, ['administrator'], accounts), ...services.map((name) => user(name, [], accounts))],
    permissions: [{ user: operatorName, vhost, configure: '.*', write: '.*', read: '.*' }, ...services.map(permissionOf)],
    topic_permissions: services.map((name) => ({
      user: name,
      vhost,
      exchange: 'shop.events',
      write: `^(${['audit', ...serviceAccounts[name].tells].join('|')})\\.`,
      read: nothing,
    })),
  }, undefined, 2);
}

function permissionOf(name: string): Permission {
  return { user: name, vhost, configure: nothing, write: `^(shop\\.events|${name}\\.aside)$`, read: `^${name}\\.events$` };
}

function user(name: AccountName, tags: readonly string[], accounts: Accounts): Readonly<Record<string, unknown>> {
  const salt = Buffer.from(accounts.derive(`salt of ${name}`).slice(0, 8), 'hex');
  const hash = createHash('sha256').update(salt).update(accounts.password('rabbitmq', name)).digest();
  return { name, tags, hashing_algorithm: 'rabbit_password_hashing_sha256', password_hash: Buffer.concat([salt, hash]).toString('base64') };
}
