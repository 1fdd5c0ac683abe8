import type { ServerName } from '@shopfleet/local';

/** URLs of the servers of this test run. */
export interface TestServers {
  /** `mongodb://…/?replicaSet=rs0`: a replica set of one, with transactions and change streams. */
  readonly mongodb: string;
  /** Redis of the cache role: allkeys-lru, nothing on disk. */
  readonly redisCache: string;
  /** Redis of the state role: noeviction, every write on disk before its answer. */
  readonly redisState: string;
  /** AMQP URL with its account, virtual host `/`. */
  readonly rabbitmq: string;
  /** RabbitMQ's HTTP API with its account. */
  readonly rabbitmqManagement: string;
}

/** How test files, which run in processes of their own, reach the process that started the servers. */
export interface ServerControl {
  readonly url: string;
  readonly token: string;
}

/** Starts, kills and restarts one set of servers in one way (Docker or binaries). */
export interface ServerBackend {
  readonly description: string;
  start(): Promise<TestServers>;
  /** SIGKILL, as a power cut. */
  kill(name: ServerName): Promise<void>;
  /** Brings a server back on the same port and data; resolves when it is ready. */
  restart(name: ServerName): Promise<void>;
}

declare module 'vitest' {
  export interface ProvidedContext {
    servers: TestServers;
    serverControl: ServerControl;
  }
}
