import { MongoClient, type Collection } from 'mongodb';
import type { BenchOptions, BenchShop } from './bench-shop.ts';
import { percentile, type Row } from './table.ts';

interface ListedOrder {
  readonly _id: string;
  readonly userId: string;
  readonly status: string;
  readonly createdAt: Date;
}

const sizes = [10_000, 1_000_000];
const samples = 300;
/** Has a twentieth of all: at both sizes more than a page before the middle and after it. */
const busy = 'usr_busy';

/**
 * Pages of order lists at ten thousand and at a million orders, by the indexes of the order service: a customer's and
 * everybody's, the first page and one in the middle. In a database of its own, which is dropped afterwards.
 */
export async function benchOrders(shop: BenchShop, _options: BenchOptions): Promise<Row[]> {
  const uri = new URL(shop.environmentOf('order-service')['MONGODB_URI'] ?? '');
  const client = await MongoClient.connect(uri.href);
  const source = client.db().collection('orders');
  const database = client.db('shop_bench_orders');
  try {
    await database.dropDatabase();
    const orders = database.collection<ListedOrder>('orders');
    await orders.insertOne({ _id: 'ord_0', userId: 'usr_0', status: 'paid', createdAt: new Date(0) });
    for (const { key, name } of await source.indexes()) if (name !== undefined && /newest$/u.test(name)) await orders.createIndex(key, { name });
    const measured: Record<string, number[]> = {};
    let filled = 1;
    for (const size of sizes) {
      filled = await fill(orders, filled, size);
      for (const [what, ask] of Object.entries(questions(orders, size))) (measured[what] ??= []).push(await p95(ask));
    }
    return Object.entries(measured).map(([what, [few = Number.NaN, lots = Number.NaN]]) => ({
      what: `orders: ${what}, p95 at 10,000 → 1,000,000`,
      measured: `${few.toFixed(1)} → ${lots.toFixed(1)} ms (${(lots / few).toFixed(2)} ×)`,
      promised: '≤ 1.5 ×, or within 2 ms',
      ok: lots / few <= 1.5 || lots - few < 2,
    }));
  } finally {
    await database.dropDatabase();
    await client.close();
  }
}

async function fill(orders: Collection<ListedOrder>, from: number, to: number): Promise<number> {
  console.log(`  filling up to ${to.toLocaleString('en')} orders …`);
  for (let begin = from; begin < to; begin += 5000) {
    const batch = Array.from({ length: Math.min(5000, to - begin) }, (_, offset) => {
      const n = begin + offset;
      return { _id: `ord_${String(n).padStart(9, '0')}`, userId: n % 20 === 0 ? busy : `usr_${n % 997}`, status: n % 50 === 0 ? 'shipped' : 'paid', createdAt: new Date(n * 1000), lines: 'x'.repeat(400) };
    });
    await orders.insertMany(batch, { ordered: false, writeConcern: { w: 1, journal: false } });
  }
  return to;
}

type Question = () => Promise<unknown>;

function questions(orders: Collection<ListedOrder>, size: number): Record<string, Question> {
  const newest = { createdAt: -1, _id: -1 } as const;
  const middle = new Date((size / 2) * 1000);
  const after = { createdAt: { $lte: middle }, $or: [{ createdAt: { $lt: middle } }, { _id: { $lt: 'ord_' } }] };
  return {
    "a customer's first page": () => orders.find({ userId: busy }).sort(newest).limit(21).toArray(),
    "a customer's page in the middle": () => orders.find({ userId: busy, ...after }).sort(newest).limit(21).toArray(),
    "everybody's first page": () => orders.find({}).sort(newest).limit(21).toArray(),
    "everybody's page in the middle": () => orders.find(after).sort(newest).limit(21).toArray(),
    "everybody's of one status in the middle": () => orders.find({ status: 'shipped', ...after }).sort(newest).limit(21).toArray(),
  };
}

async function p95(ask: Question): Promise<number> {
  for (let warm = 0; warm < 30; warm += 1) await ask();
  const times: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    const begin = performance.now();
    await ask();
    times.push(performance.now() - begin);
  }
  return percentile(times, 0.95);
}
