import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';

/** What stands in for nginx between the services: by path to one of the workers, past those that are gone. */
export interface Gateway {
  readonly url: string;
  /** Sets who serves the paths that begin so. */
  route(prefix: string, urls: readonly string[], rewrite?: (path: string) => string): void;
  close(): Promise<void>;
}

interface Route {
  readonly prefix: string;
  readonly pools: readonly Pool[];
  readonly rewrite: (path: string) => string;
  next: number;
}

/** Listens on a port that the system chooses. */
export async function openGateway(): Promise<Gateway> {
  const routes: Route[] = [];
  const server = createServer((request, response) => void forward(routes, request, response));
  // A shopper who pauses must not find the connection closed just as the next request is sent.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    route: (prefix, urls, rewrite = (path) => path) => {
      routes.push({ prefix, pools: urls.map((url) => new Pool(url, { connections: 256, pipelining: 1, connectTimeout: 1000 })), rewrite, next: 0 });
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all(routes.flatMap(({ pools }) => pools.map((pool) => pool.destroy())));
    },
  };
}

async function forward(routes: readonly Route[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const route = routes.find(({ prefix }) => request.url?.startsWith(prefix));
  if (!route) return void response.writeHead(404).end();
  route.next += 1;
  const { connection: _connection, host: _host, 'transfer-encoding': _encoding, 'content-length': _length, ...headers } = request.headers;
  for (let attempt = 0; attempt < route.pools.length; attempt += 1) {
    const pool = route.pools[(route.next + attempt) % route.pools.length];
    if (!pool) continue;
    try {
      const answer = await pool.request({ method: request.method as 'GET', path: route.rewrite(request.url ?? '/'), headers: { ...headers, 'x-real-ip': '127.0.0.1' }, ...(chunks.length > 0 && { body: Buffer.concat(chunks) }) });
      const body = Buffer.from(await answer.body.arrayBuffer());
      const { 'transfer-encoding': _chunked, connection: _keep, ...kept } = answer.headers;
      return void response.writeHead(answer.statusCode, kept).end(body);
    } catch (error) {
      // As nginx does: another worker only where this one has not seen the request.
      if (!isRefused(error)) break;
    }
  }
  response.writeHead(502, { 'content-type': 'application/problem+json' }).end('{"code":"dependency-unavailable","status":502}');
}

const isRefused = (error: unknown): boolean => error instanceof Error && 'code' in error && (error.code === 'ECONNREFUSED' || error.code === 'UND_ERR_CONNECT_TIMEOUT');
