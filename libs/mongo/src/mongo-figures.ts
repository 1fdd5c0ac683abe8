import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { counter, histogram, observe } from '@shopfleet/metrics';
import type { MongoClient } from 'mongodb';
import type { Connection } from 'mongoose';
import { measureCommands } from './command-figures.ts';

const refused = counter('shop_mongo_checkout_failures_total', 'Operations that got no connection of the pool in time');
const checkout = histogram('shop_mongo_checkout_seconds', 'Waits for a connection of the pool');

/** Figures of the pool and of the commands of one worker. */
@Injectable()
export class MongoFigures implements OnModuleInit, OnApplicationShutdown {
  private readonly ends: (() => void)[] = [];
  private inUse = 0;
  private waiting = 0;

  constructor(@InjectConnection() private readonly connection: Connection) {}

  onModuleInit(): void {
    const client = this.connection.getClient();
    this.watchPool(client);
    measureCommands();
    const { minPoolSize: min, maxPoolSize: max } = client.options;
    this.ends.push(
      observe('shop_mongo_pool_connections', 'Connections of the pool: in use, the fewest that are kept, the most there may be, and operations that wait for one', ['state'], () => [
        { labels: { state: 'in-use' }, value: this.inUse },
        { labels: { state: 'waiting' }, value: this.waiting },
        { labels: { state: 'min' }, value: min },
        { labels: { state: 'max' }, value: max },
      ]),
    );
  }

  onApplicationShutdown(): void {
    for (const end of this.ends.splice(0)) end();
  }

  private watchPool(client: MongoClient): void {
    client.on('connectionCheckOutStarted', () => (this.waiting += 1));
    client.on('connectionCheckedOut', ({ durationMS }) => {
      this.waiting = Math.max(0, this.waiting - 1);
      this.inUse += 1;
      checkout.observe(durationMS / 1_000);
    });
    client.on('connectionCheckOutFailed', () => {
      this.waiting = Math.max(0, this.waiting - 1);
      refused.inc();
    });
    client.on('connectionCheckedIn', () => (this.inUse = Math.max(0, this.inUse - 1)));
  }
}
