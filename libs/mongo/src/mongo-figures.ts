import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { currentRequest } from '@shopfleet/kernel';
import { counter, histogram, observe } from '@shopfleet/metrics';
import { startSpan, type TracedSpan } from '@shopfleet/tracing';
import type { CommandFailedEvent, CommandStartedEvent, CommandSucceededEvent, Document, MongoClient } from 'mongodb';
import type { Connection } from 'mongoose';
import { shapeOf } from './command-shape.ts';

/** features.md, "Database" (S2). */
const slowMs = 100;
// What waits by design, and what only keeps connections alive.
const unmeasured: ReadonlySet<string> = new Set(['hello', 'ping', 'getMore', 'endSessions']);

const commands = histogram('shop_mongo_command_seconds', 'Commands as the driver sees them, from the pool to the answer', ['command', 'outcome']);
const slow = counter('shop_mongo_slow_commands_total', 'Commands of more than 100 ms', ['command', 'collection']);
const refused = counter('shop_mongo_checkout_failures_total', 'Operations that got no connection of the pool in time');
const checkout = histogram('shop_mongo_checkout_seconds', 'Waits for a connection of the pool');

/** Figures of the pool and of the commands of one worker, and a log line for what was slow. */
@Injectable()
export class MongoFigures implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('SlowQuery');
  private readonly pending = new Map<number, { readonly collection: string; readonly command: Document; readonly span: TracedSpan | undefined }>();
  private readonly ends: (() => void)[] = [];
  private inUse = 0;
  private waiting = 0;

  constructor(@InjectConnection() private readonly connection: Connection) {}

  onModuleInit(): void {
    const client = this.connection.getClient();
    this.watchPool(client);
    client.on('commandStarted', (event) => this.started(event));
    client.on('commandSucceeded', (event) => this.ended(event, 'done'));
    client.on('commandFailed', (event) => this.ended(event, 'failed'));
    const max = client.options.maxPoolSize;
    this.ends.push(
      observe('shop_mongo_pool_connections', 'Connections of the pool: in use, the most there may be, and operations that wait for one', ['state'], () => [
        { labels: { state: 'in-use' }, value: this.inUse },
        { labels: { state: 'waiting' }, value: this.waiting },
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

  private started({ requestId, commandName, command }: CommandStartedEvent): void {
    if (unmeasured.has(commandName)) return;
    const target: unknown = command[commandName];
    const collection = typeof target === 'string' ? target : '';
    const span = startSpan(`mongodb ${commandName} ${collection}`.trimEnd(), { kind: 'client', attributes: { 'db.system.name': 'mongodb', 'db.operation.name': commandName, 'db.collection.name': collection } });
    this.pending.set(requestId, { collection, command, span });
  }

  private ended(event: CommandSucceededEvent | CommandFailedEvent, outcome: 'done' | 'failed'): void {
    const begun = this.pending.get(event.requestId);
    if (begun === undefined) return;
    this.pending.delete(event.requestId);
    begun.span?.end(outcome === 'done' ? {} : { error: new Error('failed') });
    const { commandName, duration } = event;
    commands.observe({ command: commandName, outcome }, duration / 1_000);
    if (duration <= slowMs) return;
    slow.inc({ command: commandName, collection: begun.collection });
    const request = currentRequest();
    this.logger.warn(`${commandName} on ${begun.collection || 'the database'} took ${Math.round(duration)} ms: ${shapeOf(begun.command)}${request ? ` (request ${request.requestId})` : ''}`);
  }
}
