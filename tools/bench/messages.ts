import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createEvent, stockLow, type Envelope } from '@shopfleet/contracts';
import { newId } from '@shopfleet/kernel';
import { migrate } from '@shopfleet/mongo';
import { outboxCollection, outboxIndexes, outboxRow, type OutboxRow } from '@shopfleet/outbox';
import { MongoClient } from 'mongodb';
import type { BenchOptions, BenchShop } from './bench-shop.ts';
import { publishFloor, transactionFloor } from './message-floors.ts';
import { clock, effectsCollection, type Order, type Report } from './message-worker.protocol.ts';
import { median, percentile, type Row } from './table.ts';
import { freshVhost } from './vhost.ts';

const ratePerSecond = 200;
const backlog = 5_000;
const rounds = 3;
const workerFile = fileURLToPath(new URL('message-worker.ts', import.meta.url));

/** From the outbox to the effect: latency at 200 events a second, and how fast a full outbox is worked off beside what broker and database can do. */
export async function benchMessages(shop: BenchShop, { seconds }: BenchOptions): Promise<Row[]> {
  const mongodb = new URL(shop.environmentOf('order-service')['MONGODB_URI'] ?? '');
  mongodb.pathname = '/shop_bench_messages';
  const rabbitmq = await freshVhost(shop, 'bench-messages');
  const client = await MongoClient.connect(mongodb.href, { maxPoolSize: 40, writeConcern: { w: 'majority', journal: true } });
  await client.db().dropDatabase();
  await migrate(mongodb.href, [...outboxIndexes, { collection: effectsCollection, indexes: [] }, { collection: 'floor', indexes: [] }]);
  const environment = { PATH: process.env['PATH'], NODE_ENV: 'production', MONGODB_URI: mongodb.href, RABBITMQ_URL: rabbitmq.url };
  const consumer = await startWorker('consumer', environment);
  const relay = await startWorker('relay', environment);
  try {
    const latencies = await latenciesAt(client, relay, consumer, seconds * 5);
    const drained: Drained[] = [];
    for (let round = 0; round < rounds; round += 1) drained.push(await workOff(client, rabbitmq.url, relay, consumer));
    const best = median(drained.map(({ ratio }) => ratio));
    const figures = (name: 'rate' | 'publishing' | 'transactions'): string => drained.map((one) => one[name].toFixed(0)).join(', ');
    return [
      { what: `messages: commit to effect at ${ratePerSecond} events/s, another worker's relay, p50`, measured: `${percentile(latencies, 0.5).toFixed(0)} ms` },
      { what: `messages: the same, p99 of ${latencies.length}`, measured: `${percentile(latencies, 0.99).toFixed(0)} ms` },
      { what: `messages: ${backlog} from a full outbox, relay's start to last effect (floors: publishing ${figures('publishing')}/s, one transaction each ${figures('transactions')}/s)`, measured: `${figures('rate')}/s` },
      { what: 'messages: the same beside the slower floor of its round, median', measured: `${best.toFixed(2)} ×`, promised: '≥ 0.5 ×', ok: best >= 0.5 },
    ];
  } finally {
    for (const worker of [relay, consumer]) worker.kill('SIGKILL');
    await client.db().dropDatabase();
    await client.close();
    await rabbitmq.remove();
  }
}

interface Drained {
  readonly rate: number;
  readonly publishing: number;
  readonly transactions: number;
  readonly ratio: number;
}

async function workOff(client: MongoClient, url: string, relay: ChildProcess, consumer: ChildProcess): Promise<Drained> {
  const events = Array.from({ length: backlog }, newEvent);
  const transactions = await transactionFloor(client, backlog);
  const publishing = await publishFloor(url, events.map((event) => Buffer.from(JSON.stringify(event))));
  const outbox = client.db().collection<OutboxRow>(outboxCollection);
  for (let from = 0; from < backlog; from += 500) await outbox.insertMany(events.slice(from, from + 500).map(outboxRow), { ignoreUndefined: true });
  await ask(consumer, { do: 'expect', events: backlog });
  const done = reportOf(consumer, 'done');
  const begun = clock();
  relay.send({ do: 'start' } satisfies Order);
  const { effects } = await done;
  const rate = backlog / ((Math.max(...effects.map(([, at]) => at)) - begun) / 1_000);
  await stopped(relay);
  const ratio = rate / Math.min(publishing, transactions);
  console.log(`  outbox to effect ${rate.toFixed(0)}/s; publishing with confirms ${publishing.toFixed(0)}/s, one transaction per event ${transactions.toFixed(0)}/s: ${ratio.toFixed(2)} ×`);
  return { rate, publishing, transactions, ratio };
}

/** Events recorded one by one at a steady pace, whether the earlier ones are through or not. */
async function latenciesAt(client: MongoClient, relay: ChildProcess, consumer: ChildProcess, seconds: number): Promise<number[]> {
  const count = ratePerSecond * seconds;
  const outbox = client.db().collection<OutboxRow>(outboxCollection);
  await ask(consumer, { do: 'expect', events: count });
  const done = reportOf(consumer, 'done');
  relay.send({ do: 'start' } satisfies Order);
  const committed = new Map<string, number>();
  const record = async (event: Envelope): Promise<void> => {
    await client.withSession((session) =>
      session.withTransaction(async () => void (await outbox.insertOne(outboxRow(event), { session, ignoreUndefined: true })), { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', journal: true } }),
    );
    committed.set(event.id, clock());
  };
  const begun = clock();
  const recording: Promise<void>[] = [];
  for (let number = 0; number < count; number += 1) {
    const due = begun + (number * 1_000) / ratePerSecond;
    if (due > clock()) await delay(due - clock());
    recording.push(record(newEvent()));
  }
  await Promise.all(recording);
  const { effects } = await done;
  await stopped(relay);
  return effects.map(([id, at]) => at - (committed.get(id) ?? Number.NaN));
}

const newEvent = (): Envelope => createEvent(stockLow, { source: 'product', subject: newId('sku'), data: stockLow.example });

async function startWorker(role: 'relay' | 'consumer', environment: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = fork(workerFile, { env: { ...environment, ROLE: role }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await reportOf(child, 'ready');
  return child;
}

async function ask(worker: ChildProcess, order: Order): Promise<void> {
  const ready = reportOf(worker, 'ready');
  worker.send(order);
  await ready;
}

async function stopped(relay: ChildProcess): Promise<void> {
  const end = reportOf(relay, 'stopped');
  relay.send({ do: 'stop' } satisfies Order);
  await end;
}

const patienceMs = 120_000;

/** @throws Error when the worker ends or says nothing of the kind for two minutes */
async function reportOf<Said extends Report['said']>(worker: ChildProcess, said: Said): Promise<Extract<Report, { said: Said }>> {
  const signal = AbortSignal.timeout(patienceMs);
  for (;;) {
    const [report] = (await Promise.race([once(worker, 'message', { signal }), once(worker, 'exit', { signal }).then(() => [undefined])])) as [Report | undefined];
    if (report === undefined) throw new Error('a worker of the benchmark ended');
    if (report.said === said) return report as Extract<Report, { said: Said }>;
  }
}
