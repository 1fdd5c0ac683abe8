import { MongoClient, type Db } from 'mongodb';
import { CartBook, writeBooks } from './price-books.ts';
import { SeedError } from './seed-error.ts';
import type { Targets } from './targets.ts';

/**
 * Fills the books of order and cart anew from the databases of product and order, while the shop may run.
 * @returns how many prices were written
 * @throws SeedError where a database is not known or does not answer
 */
export async function rebuildBooks(targets: Targets): Promise<number> {
  if (targets.order === undefined && targets.redisState === undefined) {
    throw new SeedError('Neither the order database nor redis-state is known. Start the shop (npm start), or set ORDER_MONGODB_URI and REDIS_STATE_URL.');
  }
  const clients: MongoClient[] = [];
  const open = async (uri: string): Promise<Db> => {
    const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5_000, appName: 'books', ignoreUndefined: true });
    clients.push(client);
    await client.connect().catch((error: unknown) => {
      throw new SeedError('A database does not answer. Start the shop with npm start, then try again.', { cause: error });
    });
    return client.db();
  };
  const cart = targets.redisState === undefined ? undefined : new CartBook(targets.redisState);
  try {
    const product = await open(targets.product);
    const order = targets.order === undefined ? undefined : await open(targets.order);
    await cart?.distrust();
    return await writeBooks({ product, order, cart });
  } finally {
    await Promise.all([...clients.map((client) => client.close()), cart?.close()]);
  }
}
