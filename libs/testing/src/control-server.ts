import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type ServerName, serverNames } from '@shopfleet/local';
import { redisDatabases } from './binary-backend.ts';
import type { ServerBackend, ServerControl } from './provided.ts';

/** Test files run in other processes than the global setup: this lets them ask it for faults and fresh databases. */
export class ControlServer {
  readonly #backend: ServerBackend;
  readonly #token = randomBytes(24).toString('hex');
  readonly #server: Server;
  readonly #nextDatabase = { 'redis-cache': 1, 'redis-state': 1 };

  constructor(backend: ServerBackend) {
    this.#backend = backend;
    this.#server = createServer((request, response) => {
      void this.#answer(request).then(
        (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
        (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
      );
    });
  }

  async listen(): Promise<ServerControl> {
    await new Promise<void>((resolve, reject) => this.#server.once('error', reject).listen(0, '127.0.0.1', resolve));
    this.#server.unref();
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('a TCP listener has a port');
    return { url: `http://127.0.0.1:${address.port}`, token: this.#token };
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage): Promise<Record<string, unknown>> {
    this.#requireToken(request);
    const [, action, name] = (request.url ?? '').split('/');
    const server = serverNames.find((known) => known === name);
    if (server === undefined) throw new Error(`no server is called ${name}; there are ${serverNames.join(', ')}`);
    if (action === 'kill') await this.#backend.kill(server);
    else if (action === 'restart') await this.#backend.restart(server);
    else if (action === 'redis-database') return { index: this.#takeDatabase(server) };
    else throw new Error(`no action is called ${action}`);
    return {};
  }

  #requireToken(request: IncomingMessage): void {
    const given = Buffer.from(request.headers['x-control-token']?.toString() ?? '');
    const expected = Buffer.from(this.#token);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new Error('wrong control token');
  }

  #takeDatabase(name: ServerName): number {
    if (name !== 'redis-cache' && name !== 'redis-state') throw new Error(`${name} is no Redis`);
    const index = this.#nextDatabase[name];
    if (index >= redisDatabases) throw new Error(`this run has used up the ${redisDatabases} databases of ${name}; raise redisDatabases in libs/testing`);
    this.#nextDatabase[name] += 1;
    return index;
  }
}
