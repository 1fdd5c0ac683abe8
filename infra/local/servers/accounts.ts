import { createHash, createHmac } from 'node:crypto';

/** Who may tell of what and keep data where: each service has its own account of MongoDB and RabbitMQ and nobody else's. */
export const serviceAccounts = {
  product: { database: 'shop_product', tells: ['image', 'product', 'review', 'stock'] },
  cart: { database: undefined, tells: ['cart', 'wishlist'] },
  order: { database: 'shop_order', tells: ['coupon', 'order', 'payment'] },
  auth: { database: 'shop_auth', tells: ['user'] },
  notification: { database: 'shop_notification', tells: ['notification'] },
} as const satisfies Readonly<Record<string, { readonly database: string | undefined; readonly tells: readonly string[] }>>;

export type AccountName = keyof typeof serviceAccounts | typeof operatorName;

/** The account of migrations, seed, measurements and operators' tools; the services never learn its password. */
export const operatorName = 'shopfleet';

/** Accounts of one installation. All passwords come from one key, which no service is given. */
export class Accounts {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  password(server: 'mongod' | 'rabbitmq', name: AccountName): string {
    return this.derive(`password of ${name} at ${server}`);
  }

  /** What members of the replica set prove themselves with. */
  get mongodKey(): string {
    return this.derive('members of the replica set');
  }

  /** Not secret; the same as long as a running server has these accounts. */
  get fingerprint(): string {
    return createHash('sha256').update(this.derive('fingerprint')).update(JSON.stringify(serviceAccounts)).digest('hex').slice(0, 16);
  }

  derive(purpose: string): string {
    return createHmac('sha256', this.#key).update(purpose).digest('hex');
  }
}

/** A server's address with another account in it; one that was given by its address is used as it is by everybody. */
export function urlFor(server: { readonly name: string; readonly kind: string; readonly url: string }, account: AccountName, accounts: Accounts | undefined): string {
  if (accounts === undefined || server.kind === 'env' || (server.name !== 'mongod' && server.name !== 'rabbitmq')) return server.url;
  const url = new URL(server.url);
  url.username = account;
  url.password = accounts.password(server.name, account);
  return url.href;
}
