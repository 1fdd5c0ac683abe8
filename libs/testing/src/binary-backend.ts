import { killServer, type Report, type RunningServer, type ServerName, type ServerPlan, type ServerPorts, startServers } from '@shopfleet/local';
import type { ServerBackend, TestServers } from './provided.ts';

/** How many logical databases each Redis of a test run has; `freshRedis` gives each away once. */
export const redisDatabases = 1024;

/** The servers as programs of this machine, installed where missing. */
export class BinaryBackend implements ServerBackend {
  readonly description = 'binaries of this machine';
  readonly #plan: ServerPlan;
  readonly #running = new Map<string, RunningServer>();

  constructor(dataDir: string, ports: ServerPorts, report: Report) {
    // A shop that runs beside the tests must not notice them: variables that point to its servers do not count here.
    const env = { PATH: process.env['PATH'], SHOPFLEET_SERVERS: 'binary' };
    this.#plan = { dataDir, ports, report, env, redisDatabases };
  }

  async start(): Promise<TestServers> {
    for (const server of await startServers(this.#plan)) this.#running.set(server.name, server);
    return {
      mongodb: this.#server('mongod').url,
      redisCache: this.#server('redis-cache').url,
      redisState: this.#server('redis-state').url,
      rabbitmq: this.#server('rabbitmq').url,
      rabbitmqManagement: this.#server('rabbitmq').managementUrl ?? '',
    };
  }

  async kill(name: ServerName): Promise<void> {
    await killServer(this.#server(name));
  }

  async restart(name: ServerName): Promise<void> {
    for (const server of await startServers({ ...this.#plan, only: [name] })) this.#running.set(server.name, server);
  }

  #server(name: ServerName): RunningServer {
    const server = this.#running.get(name);
    if (server === undefined) throw new Error(`${name} was never started`);
    return server;
  }
}
