import { connect } from 'node:net';
import { MongoClient } from 'mongodb';
import type { BenchShop } from './bench-shop.ts';

/** What the servers have done since they started. */
export interface Work {
  readonly transactions: number;
  readonly mongoRequests: number;
  readonly mongoWrites: number;
  readonly redisCommands: number;
}

export interface WorkCount {
  read(): Promise<Work>;
  close(): Promise<void>;
}

/** Asks the servers themselves, so that nothing a service does stays uncounted. */
export async function openWorkCount(shop: BenchShop): Promise<WorkCount> {
  const environment = shop.environmentOf('order-service');
  const client = await MongoClient.connect(environment['MONGODB_URI'] ?? '');
  return {
    read: async () => {
      const status = await client.db('admin').command({ serverStatus: 1 });
      const { insert, update, delete: removed } = status['opcounters'] as Record<string, number>;
      const redis = [environment['REDIS_STATE_URL'], environment['REDIS_CACHE_URL']];
      return {
        transactions: Number(status['transactions'].totalCommitted),
        mongoRequests: Number(status['network'].numRequests),
        mongoWrites: Number(insert) + Number(update) + Number(removed),
        redisCommands: (await Promise.all(redis.map((url) => redisCommands(url ?? '')))).reduce((sum, count) => sum + count, 0),
      };
    },
    close: () => client.close(),
  };
}

/** A line of what was done per order between two looks. */
export function workPerOrder(before: Work, after: Work, orders: number): string {
  const per = (name: keyof Work): string => ((after[name] - before[name]) / orders).toFixed(1);
  return `${per('transactions')} transactions, ${per('mongoRequests')} requests to MongoDB (${per('mongoWrites')} documents written), ${per('redisCommands')} Redis commands`;
}

function redisCommands(url: string): Promise<number> {
  const { hostname, port, password } = new URL(url);
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(`${password === '' ? '' : `AUTH ${decodeURIComponent(password)}\r\n`}INFO stats\r\n`));
    socket.setTimeout(3000, () => socket.destroy(new Error('Redis does not answer')));
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      text += chunk.toString();
      const found = /total_commands_processed:(\d+)/u.exec(text);
      if (!found) return;
      socket.end();
      resolve(Number(found[1]));
    });
  });
}
