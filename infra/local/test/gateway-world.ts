import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { Agent, request, type Dispatcher } from 'undici';
import { gatewaySettings, gatewayUrl, startGateway, stopGateway } from '../gateway.ts';
import { resolveInstance, type Instance } from '../instance.ts';
import type { GatewaySettings } from '../nginx/settings.ts';
import { findNginx } from '../servers/index.ts';
import { ensureCertificates } from '../tls.ts';

type Service = 'product' | 'cart' | 'order' | 'auth';
/** What the stand-in services answer. */
export type Behaviour = (service: Service, worker: number, request: IncomingMessage, response: ServerResponse) => void;

interface Seen {
  readonly service: Service;
  readonly worker: number;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

interface Answer {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData['headers'];
  readonly bytes: Buffer;
}

/** nginx as a shop has it, with services behind it that answer what a test wants. */
export class GatewayWorld {
  readonly seen: Seen[] = [];
  readonly workers: Server[] = [];
  behaviour: Behaviour = (_service, _worker, _request, response) => answerJson(response, {});

  readonly instance: Instance;
  /** The program. */
  readonly nginx: string;
  readonly settings: GatewaySettings;
  readonly #client: Agent;

  private constructor(instance: Instance, nginx: string, settings: GatewaySettings, client: Agent) {
    this.instance = instance;
    this.nginx = nginx;
    this.settings = settings;
    this.#client = client;
  }

  /** @param portOffset a range of its own, beside a shop and its test instance */
  static async open(name: string, portOffset: number): Promise<GatewayWorld> {
    const instance: Instance = { ...resolveInstance({ SHOPFLEET_INSTANCE: name, SHOPFLEET_PORT_OFFSET: String(portOffset) }), dataDir: mkdtempSync(path.join(tmpdir(), `${name}-`)) };
    const tlsDir = path.join(instance.dataDir, 'tls');
    const { caFile } = await ensureCertificates(tlsDir);
    const program = await findNginx(() => undefined, { ...process.env, SHOPFLEET_SERVERS: 'binary' });
    if (program.kind !== 'binary') throw new Error('these tests need nginx as a program');
    const settings = gatewaySettings(instance, tlsDir, { ALLOWED_ORIGINS: 'https://front.example', REGIONS: '127.0.0.0/8=home' });
    const world = new GatewayWorld(instance, program.path, settings, new Agent({ connect: { ca: readFileSync(caFile) }, connections: 64, pipelining: 1 }));
    for (const [service, count] of [['product', 2], ['cart', 2], ['order', 2], ['auth', 1]] as const) {
      for (let worker = 0; worker < count; worker++) world.workers.push(await world.#standIn(service, worker));
    }
    await startGateway(program.path, settings);
    return world;
  }

  async call(url: string, options: { method?: Dispatcher.HttpMethod; headers?: Record<string, string>; body?: string | Buffer } = {}): Promise<Answer> {
    const { statusCode, headers, body } = await request(url.startsWith('http') ? url : `${gatewayUrl(this.instance)}${url}`, { dispatcher: this.#client, ...options });
    return { status: statusCode, headers, bytes: Buffer.from(await body.arrayBuffer()) };
  }

  requestsTo(url: string): Seen[] {
    return this.seen.filter((one) => one.url === url);
  }

  async close(): Promise<void> {
    await this.#client.close();
    await stopGateway(this.settings.runDir);
    for (const worker of this.workers) worker.close().closeAllConnections();
  }

  async #standIn(service: Service, worker: number): Promise<Server> {
    const server = createServer({ keepAliveTimeout: 72_000 }, (incoming, response) => {
      incoming.resume().on('end', () => {
        this.seen.push({ service, worker, method: incoming.method ?? '', url: incoming.url ?? '', headers: incoming.headers });
        this.behaviour(service, worker, incoming, response);
      });
    });
    await new Promise<void>((resolve) => server.listen(this.instance.ports[service] + worker, '127.0.0.1', resolve));
    return server;
  }
}

export function answerJson(response: ServerResponse, body: unknown, headers: Record<string, string> = {}, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

// Cache-Control before X-Accel-Expires, as nginx before 1.23.2 needs it.
const cacheable = { 'cache-control': 'public, max-age=1, stale-while-revalidate=1', 'x-accel-expires': '1', 'x-cache': 'L1', etag: '"v1"', vary: 'Accept-Encoding' };

export function answerCatalogue(response: ServerResponse, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip', ...cacheable, ...headers });
  response.end(gzipSync(JSON.stringify(body)));
}

export const json = ({ bytes }: { readonly bytes: Buffer }): Record<string, unknown> => JSON.parse(bytes.toString()) as Record<string, unknown>;
