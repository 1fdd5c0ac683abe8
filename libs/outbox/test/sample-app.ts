import { EventEmitter } from 'node:events';
import { Controller, Global, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload } from '@nestjs/microservices';
import { getConnectionToken } from '@nestjs/mongoose';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createEvent, stockLow, type Envelope } from '@shopfleet/contracts';
import { currentRequest, type RequestContext } from '@shopfleet/kernel';
import { BrokerCheck, EventPublisher, MessagingModule, RabbitMqStrategy } from '@shopfleet/messaging';
import { migrate, MongoModule, Transactions, type ClientSession } from '@shopfleet/mongo';
import type { Db, MongoClient } from 'mongodb';
import type { Connection } from 'mongoose';
import { Inbox, Outbox, outboxIndexes, OutboxModule, OutboxRelay, type OutboxBell, type RelayOptions } from '../src/index.ts';

/** How often each event had its effect; what the tests judge by. */
export interface Effect {
  readonly _id: string;
  times: number;
}

/** A service that records `stock.low.v1` events and counts the effects of those it gets, each in a transaction. */
@Injectable()
export class Counter {
  deliveries = 0;
  /** In which context each event was handled. */
  readonly contexts = new Map<string, RequestContext | undefined>();
  readonly rounds: string[][] = [];

  constructor(
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
    private readonly inbox: Inbox,
  ) {}

  /** Writes a fact and its event in one transaction. */
  async produce(db: Db, subject: string, after: (session: ClientSession) => Promise<void> = () => Promise.resolve()): Promise<Envelope> {
    return this.transactions.run(async (session) => {
      const facts = db.collection<{ _id: string; version: number }>('facts');
      const fact = await facts.findOneAndUpdate({ _id: subject }, { $inc: { version: 1 } }, { upsert: true, returnDocument: 'after', session });
      const event = createEvent(stockLow, { source: 'sample', subject, data: { ...stockLow.example, sku: subject, available: fact?.version ?? 0 } });
      await this.outbox.append(session, [event]);
      await after(session);
      return event;
    });
  }

  /** Counts in rounds; an event about POISON spoils its round. */
  countTogether(db: Db): (event: Envelope) => Promise<string | undefined> {
    return this.inbox.gather('sample.together', async (events: readonly Envelope[], session) => {
      this.rounds.push(events.map(({ subject }) => subject));
      if (events.some(({ subject }) => subject === 'POISON')) throw new Error('not this one');
      const effects = db.collection<Effect>('effects');
      await effects.bulkWrite(events.map(({ id }) => ({ updateOne: { filter: { _id: id }, update: { $inc: { times: 1 } }, upsert: true } })), { session });
      return events.map(({ id }) => id);
    });
  }

  async consume(db: Db, event: Envelope): Promise<boolean> {
    this.deliveries += 1;
    this.contexts.set(event.id, currentRequest());
    return this.inbox.once('sample.counter', event, async (session) => {
      await db.collection<Effect>('effects').updateOne({ _id: event.id }, { $inc: { times: 1 } }, { upsert: true, session });
    });
  }
}

/** A bell for services that run in one process. */
@Injectable()
export class LocalBell implements OutboxBell {
  private static readonly rings = new EventEmitter();

  publish(channel: string): Promise<boolean> {
    return Promise.resolve(LocalBell.rings.emit(channel));
  }

  listen(channel: string, { onMessage }: { readonly onMessage: () => void }): Promise<() => Promise<void>> {
    LocalBell.rings.on(channel, onMessage);
    return Promise.resolve(() => Promise.resolve(void LocalBell.rings.off(channel, onMessage)));
  }
}

@Global()
@Module({ providers: [LocalBell], exports: [LocalBell] })
class BellModule {}

export interface SampleApp {
  readonly counter: Counter;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly relay: OutboxRelay;
  readonly publisher: EventPublisher;
  readonly transactions: Transactions;
  readonly check: BrokerCheck;
  readonly client: MongoClient;
  readonly db: Db;
  close(): Promise<void>;
}

export interface SampleOptions extends RelayOptions {
  readonly mongodb: string;
  readonly rabbitmq: string;
  readonly retryDelaysMs?: readonly number[];
  /** With which its workers ring each other; absent: the leader reads a change stream. */
  readonly bell?: typeof LocalBell;
  /** False: only produces. */
  readonly consumes?: boolean;
}

export async function startSample({ mongodb, rabbitmq, retryDelaysMs = [50, 100], consumes = true, bell, ...relay }: SampleOptions): Promise<SampleApp> {
  await migrate(mongodb, [...outboxIndexes, { collection: 'facts', indexes: [] }, { collection: 'effects', indexes: [] }]);

  @Controller()
  class CounterConsumer {
    constructor(private readonly counter: Counter) {}

    @EventPattern<string>(stockLow.type)
    async onStockLow(@Payload() event: unknown): Promise<void> {
      await this.counter.consume(db, event as Envelope);
    }
  }
  @Module({
    imports: [
      MongoModule.forRoot({ uri: mongodb, appName: 'sample', maxPoolSize: 30 }),
      MessagingModule.forRoot({ url: rabbitmq, service: 'sample', retryDelaysMs }),
      BellModule,
      OutboxModule.forRoot({ service: 'sample', ...(bell !== undefined && { bell }), ...relay }),
    ],
    controllers: consumes ? [CounterConsumer] : [],
    providers: [Counter],
  })
  class App {}

  const app = await NestFactory.create<NestFastifyApplication>(App, new FastifyAdapter(), { logger: false, abortOnError: false });
  const client = app.get<Connection>(getConnectionToken()).getClient() as unknown as MongoClient;
  const db = client.db();
  app.connectMicroservice({ strategy: app.get(RabbitMqStrategy) });
  await app.init();
  await app.startAllMicroservices();
  return {
    counter: app.get(Counter),
    inbox: app.get(Inbox),
    outbox: app.get(Outbox),
    relay: app.get(OutboxRelay),
    publisher: app.get(EventPublisher),
    transactions: app.get(Transactions),
    check: app.get(BrokerCheck),
    client,
    db,
    close: async () => {
      await Promise.all([app.get(RabbitMqStrategy).drain(), app.get(OutboxRelay).drain()]);
      await app.close();
    },
  };
}

export const effectsOf = (db: Db): Promise<Effect[]> => db.collection<Effect>('effects').find().toArray();
export const pendingOf = (db: Db): Promise<number> => db.collection('outbox').countDocuments({ status: 'pending' });
