// One process of the benchmark of messages: a relay over an outbox, or a consumer whose effect is one row. Told what to do
// by the benchmark over IPC. Environment: MONGODB_URI, RABBITMQ_URL, ROLE (relay or consumer).
import 'reflect-metadata';
import { stockLow, type Envelope } from '@shopfleet/contracts';
import { EventPublisher, RabbitMqStrategy } from '@shopfleet/messaging';
import { connectOptions, Transactions } from '@shopfleet/mongo';
import { Inbox, MongoLease, MongoOutboxSource, OutboxRelay } from '@shopfleet/outbox';
import { createConnection } from 'mongoose';
import { clock, effectsCollection, type Order, type Report } from './message-worker.protocol.ts';

const { MONGODB_URI = '', RABBITMQ_URL = '', ROLE } = process.env;
const messaging = { url: RABBITMQ_URL, service: 'bench' };
const connection = await createConnection(MONGODB_URI, connectOptions({ appName: 'bench', maxPoolSize: 30 })).asPromise();
const tell = (report: Report): void => void process.send?.(report);

if (ROLE === 'relay') await relay();
else await consumer();

async function relay(): Promise<void> {
  const publisher = new EventPublisher(messaging);
  let current: OutboxRelay | undefined;
  process.on('message', (order: Order) => {
    if (order.do === 'start') {
      current = new OutboxRelay(new MongoOutboxSource(connection), new MongoLease(connection, 'outbox:bench'), publisher, {});
      current.start();
    }
    if (order.do === 'stop') void current?.drain().then(() => tell({ said: 'stopped' }));
  });
  // Connected beforehand, as a worker is that takes over.
  while (!publisher.available) await new Promise((resolve) => setTimeout(resolve, 20));
  tell({ said: 'ready' });
}

async function consumer(): Promise<void> {
  const inbox = new Inbox(connection, new Transactions(connection));
  const effects = connection.getClient().db().collection<{ _id: string }>(effectsCollection);
  const strategy = new RabbitMqStrategy(messaging);
  let expected = 0;
  let done: [id: string, at: number][] = [];
  strategy.addHandler(stockLow.type, async (event: Envelope) => {
    const first = await inbox.once('bench.effect', event, async (session) => void (await effects.insertOne({ _id: event.id }, { session })));
    if (!first) return;
    done.push([event.id, clock()]);
    if (done.length === expected) tell({ said: 'done', effects: done });
  });
  process.on('message', (order: Order) => {
    if (order.do !== 'expect') return;
    [expected, done] = [order.events, []];
    tell({ said: 'ready' });
  });
  await strategy.listen((error) => {
    if (error) throw error;
  });
  tell({ said: 'ready' });
}
