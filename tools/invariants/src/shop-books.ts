import { MongoClient, type Db } from 'mongodb';

/** Where a shop keeps what has to agree. */
export interface ShopAddresses {
  /** The order service's database. */
  readonly orderUri: string;
  /** The product service's database. */
  readonly productUri: string;
  /** Databases of further services with an outbox or inbox. */
  readonly otherUris: readonly string[];
  /** The payment provider's simulator. */
  readonly paymentUrl: string;
}

/** The databases of a shop, opened for reading. */
export interface ShopBooks {
  readonly order: Db;
  readonly product: Db;
  /** All databases with an outbox, by the name of their service. */
  readonly services: Readonly<Record<string, Db>>;
  readonly provider: ProviderBooks;
  close(): Promise<void>;
}

export interface ProviderBooks {
  /** By currency. */
  totals(): Promise<Readonly<Record<string, ProviderTotals>>>;
  payments(orderId: string): Promise<readonly { readonly id: string; readonly status: string; readonly amount: number; readonly refunded: number }[]>;
}

export interface ProviderTotals {
  readonly payments: number;
  readonly captured: number;
  readonly refunded: number;
}

/** Connects to the databases; reads what a majority has. */
export async function openBooks({ orderUri, productUri, otherUris, paymentUrl }: ShopAddresses): Promise<ShopBooks> {
  const uris = [orderUri, productUri, ...otherUris];
  const clients = await Promise.all(uris.map((uri) => MongoClient.connect(uri, { serverSelectionTimeoutMS: 5000, readConcern: { level: 'majority' }, appName: 'invariants' })));
  const databases = clients.map((client) => client.db());
  const [order, product] = databases;
  if (!order || !product) throw new Error('the databases of order and product are needed');
  return {
    order,
    product,
    services: Object.fromEntries(databases.map((database) => [database.databaseName.replace(/^shop_/u, ''), database])),
    provider: {
      totals: () => get(`${paymentUrl}/v1/totals`),
      payments: async (orderId) => (await get<{ items: [] }>(`${paymentUrl}/v1/payments?reference=${orderId}`)).items,
    },
    close: async () => void (await Promise.all(clients.map((client) => client.close()))),
  };
}

async function get<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as T;
}
