import { MongoClient } from 'mongodb';
import type { BenchShop } from './bench-shop.ts';

const atOnce = 16;
const products = 2000;

/**
 * What the database alone can do: transactions that insert an order and take stock of two products, majority and
 * journal, 16 at once, for some seconds. Works in a database of its own. Resolves with transactions per second.
 */
export async function measureFloor(shop: BenchShop, seconds: number): Promise<number> {
  const client = await MongoClient.connect(shop.environmentOf('order-service')['MONGODB_URI'] ?? '', { maxPoolSize: atOnce });
  const database = client.db('shop_bench_floor');
  try {
    await database.dropDatabase();
    const orders = database.collection<{ _id: string; lines: number[] }>('orders');
    const stock = database.collection<{ _id: number; onHand: number }>('stock');
    await stock.insertMany(Array.from({ length: products }, (_, id) => ({ _id: id, onHand: 1_000_000 })));
    let done = 0;
    const end = Date.now() + seconds * 1000;
    const begin = performance.now();
    const shopper = async (number: number): Promise<void> => {
      for (let count = 0; Date.now() < end; count += 1) {
        const lines = [(count * 31 + number * 125) % products, (count * 17 + number * 125 + 1) % products].sort((a, b) => a - b);
        await client.withSession((session) =>
          session.withTransaction(
            async () => {
              await orders.insertOne({ _id: `${number}-${count}`, lines }, { session });
              for (const id of lines) await stock.updateOne({ _id: id, onHand: { $gte: 1 } }, { $inc: { onHand: -1 } }, { session });
            },
            { writeConcern: { w: 'majority', journal: true }, readConcern: { level: 'majority' } },
          ),
        );
        done += 1;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, (_, number) => shopper(number)));
    return done / ((performance.now() - begin) / 1000);
  } finally {
    await database.dropDatabase();
    await client.close();
  }
}
