import { Global, Module, type DynamicModule, type FactoryProvider, type ModuleMetadata, type Type } from '@nestjs/common';
import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { Inbox } from './inbox.ts';
import { MongoLease } from './mongo-lease.ts';
import { MongoOutboxSource } from './mongo-outbox.source.ts';
import { OutboxRelay, type RelayOptions } from './outbox-relay.ts';
import type { LeaderLease, OutboxBell, OutboxSource } from './outbox-source.ts';
import { Outbox } from './outbox.ts';
import { leaderLease, outboxBell, outboxSource, relayOptions } from './tokens.ts';

export interface OutboxOptions extends RelayOptions {
  /** Name of the service; its workers share one lease. */
  readonly service: string;
  /** What its workers ring each other with, such as `RedisStateClient`; without it the leader reads a change stream. */
  readonly bell?: Type<OutboxBell>;
}

export interface OutboxSourceOptions extends RelayOptions {
  /** Modules that export what the factories inject. */
  readonly imports?: ModuleMetadata['imports'];
  /** Where the events wait. */
  readonly source: Omit<FactoryProvider<OutboxSource>, 'provide'>;
  /** Who may publish them. */
  readonly lease: Omit<FactoryProvider<LeaderLease>, 'provide'>;
}

/** Outbox, inbox and relay of a service. Needs `MessagingModule.forRoot`, and `MongoModule.forRoot` unless it has a source of its own. */
@Global()
@Module({})
export class OutboxModule {
  /**
   * Outbox and inbox in the service's MongoDB database.
   *
   * @example OutboxModule.forRoot({ service: 'order', bell: RedisStateClient })
   */
  static forRoot({ service, bell, ...relay }: OutboxOptions): DynamicModule {
    return {
      module: OutboxModule,
      providers: [
        { provide: relayOptions, useValue: { ...relay, channel: `outbox:${service}` } },
        ...(bell === undefined ? [] : [{ provide: outboxBell, useExisting: bell }]),
        { provide: outboxSource, useClass: MongoOutboxSource },
        { provide: leaderLease, useFactory: (connection: Connection) => new MongoLease(connection, `outbox:${service}`), inject: [getConnectionToken()] },
        OutboxRelay,
        Outbox,
        Inbox,
      ],
      exports: [OutboxRelay, Outbox, Inbox],
    };
  }

  /**
   * Only the relay, over a store of one's own that keeps the promises of {@link OutboxSource} and {@link LeaderLease}.
   *
   * @example
   * OutboxModule.forSource({
   *   source: { useFactory: (redis: RedisStateClient) => new RedisStreamSource(redis), inject: [RedisStateClient] },
   *   lease: { useFactory: (redis: RedisStateClient) => new RedisLease(redis, 'outbox:cart'), inject: [RedisStateClient] },
   * })
   */
  static forSource({ imports, source, lease, ...relay }: OutboxSourceOptions): DynamicModule {
    return {
      module: OutboxModule,
      ...(imports !== undefined && { imports }),
      providers: [{ provide: relayOptions, useValue: relay }, { provide: outboxSource, ...source }, { provide: leaderLease, ...lease }, OutboxRelay],
      exports: [OutboxRelay],
    };
  }
}
