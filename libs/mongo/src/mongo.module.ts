import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { MongooseModule } from '@nestjs/mongoose';
import type { Connection, ConnectOptions } from 'mongoose';
import { MongoCheck } from './mongo.check.ts';
import { MongoFigures } from './mongo-figures.ts';
import { MongoErrorInterceptor } from './mongo-error.interceptor.ts';
import { letOperationsPass } from './passing-operations.ts';
import { Transactions } from './transactions.ts';

export interface MongoOptions {
  /** With the service's own database in the path, such as `mongodb://127.0.0.1:27100/shop_order?replicaSet=rs0`. */
  readonly uri: string;
  /** Name of the service in the server's logs. */
  readonly appName: string;
  /** Connections kept open. Default: 2. */
  readonly minPoolSize?: number;
  /** Connections of one worker at most; a request that finds none waits a second. Default: 20. */
  readonly maxPoolSize?: number;
}

/**
 * How long an operation may keep its connection waiting, in milliseconds: then the connection is closed, with which the
 * server ends the operation, and a read is tried once more. Change streams answer every second.
 */
const operationTimeoutMs = 5_000;

/**
 * How often a server says that it is there. One that is silent for two seconds more (connectTimeoutMS) counts as away: what
 * waits for it is interrupted and tried again, for two seconds at most (serverSelectionTimeoutMS). So no request waits five.
 */
const heartbeatMs = 700;

/**
 * The connection policy of the shop: fail in seconds, never buffer, write with majority and journal, read what a majority has.
 * Filters of models are sanitised, so an operator object in one matches nothing unless the code says that it means it:
 * `Model.find({ 'price.amount': trusted({ $lte: 500 }) })`; native collections take filters as they are.
 */
export function connectOptions({ appName, minPoolSize = 2, maxPoolSize = 20 }: Omit<MongoOptions, 'uri'>): ConnectOptions {
  return {
    appName,
    minPoolSize,
    maxPoolSize,
    serverSelectionTimeoutMS: 2_000,
    connectTimeoutMS: 2_000,
    heartbeatFrequencyMS: heartbeatMs,
    waitQueueTimeoutMS: 1_000,
    maxConnecting: 10,
    // A connection that nobody has needed for half a minute is closed; the least that is kept is then opened anew.
    maxIdleTimeMS: 30_000,
    socketTimeoutMS: operationTimeoutMs,
    writeConcern: { w: 'majority', journal: true },
    readConcern: { level: 'majority' },
    bufferCommands: false,
    autoIndex: false,
    autoCreate: false,
    sanitizeFilter: true,
  };
}

/**
 * MongoDB for one service: the mongoose connection, `Transactions`, `MongoCheck`, and an interceptor that turns the
 * errors of an unreachable server into `dependency-unavailable` (503). At start it waits up to half a minute for the server.
 *
 * @example MongoModule.forRoot({ uri: config.MONGODB_URI, appName: 'order' })
 */
@Global()
@Module({})
export class MongoModule {
  static forRoot(options: MongoOptions): DynamicModule {
    return {
      module: MongoModule,
      imports: [MongooseModule.forRoot(options.uri, { ...connectOptions(options), retryAttempts: 12, retryDelay: 500, connectionFactory: prepared })],
      providers: [Transactions, MongoCheck, MongoFigures, { provide: APP_INTERCEPTOR, useClass: MongoErrorInterceptor }],
      exports: [MongooseModule, Transactions, MongoCheck],
    };
  }
}

function prepared(connection: Connection): Connection {
  letOperationsPass(connection.getClient());
  return connection;
}
