import type { Accounts } from './accounts.ts';

/** The servers that the shop needs; nginx is found here too, but configured and started by the stack. */
export type ServerName = 'mongod' | 'redis-cache' | 'redis-state' | 'rabbitmq';

/** All of them, in the order in which they are shown. */
export const serverNames: readonly ServerName[] = ['mongod', 'redis-cache', 'redis-state', 'rabbitmq'];

/** Loopback ports, one per listener. */
export interface ServerPorts {
  readonly mongod: number;
  readonly redisCache: number;
  readonly redisState: number;
  readonly rabbitmq: number;
  readonly rabbitmqManagement: number;
  /** Erlang distribution of this RabbitMQ node. */
  readonly rabbitmqDistribution: number;
  /** Erlang port mapper of this node alone; never the machine's 4369. */
  readonly rabbitmqPortMapper: number;
}

/** What is being done to which server, for a person to read. */
export interface Step {
  readonly server: string;
  readonly state: 'find' | 'install' | 'start' | 'ready';
  readonly detail: string;
}

export type Report = (step: Step) => void;

/** Which way a server came to be. */
export type ServerKind = 'env' | 'docker' | 'binary';

/** A server that answers; plain data, so that it can be written down and read by another process. */
export interface RunningServer {
  readonly name: string;
  /** `env`: given by its URL, never started nor stopped by us. */
  readonly kind: ServerKind;
  /** What clients connect to, with the operator's account where there are accounts. */
  readonly url: string;
  readonly port: number;
  /** RabbitMQ's HTTP API with its account. */
  readonly managementUrl?: string;
  readonly pid?: number;
  /** The system's start time of `pid`: a reused pid has another one. */
  readonly startTime?: string;
  readonly containerId?: string;
  /** Image or path of what runs. */
  readonly program?: string;
  readonly logFile: string;
  /** Signal for a graceful end; SIGTERM where absent. */
  readonly stopSignal?: NodeJS.Signals;
  /** Fingerprint of the accounts it was started with; absent: open to everybody on this machine, or given by its URL. */
  readonly accounts?: string;
  /** Folder of its data, its settings and the record of the running process. */
  readonly folder?: string;
}

/** Where and how servers run. */
export interface ServerPlan {
  /** Absolute folder that holds one folder per server; it is also the identity of the instance. */
  readonly dataDir: string;
  readonly ports: ServerPorts;
  /** The variable that moves these ports, for the message about a taken one; SHOPFLEET_PORT_OFFSET where absent. */
  readonly portVariable?: string;
  /** Absent: all. */
  readonly only?: readonly ServerName[];
  readonly report: Report;
  /** Variables that point to servers or force a way; `process.env` where absent. */
  readonly env?: NodeJS.ProcessEnv;
  /** Accounts of MongoDB and RabbitMQ; absent (tests): MongoDB asks for none, RabbitMQ has one. */
  readonly accounts?: Accounts;
  /** Logical databases of each Redis; 16 where absent. */
  readonly redisDatabases?: number;
  /** A shutdown half-way through: no further server is started. */
  readonly signal?: AbortSignal;
}

/** A failure whose message is one line that tells a person what to do. */
export class ServerError extends Error {
  readonly server: string;

  constructor(server: string, message: string, cause?: unknown) {
    super(`${server}: ${message}`, { cause });
    this.name = 'ServerError';
    this.server = server;
  }
}
