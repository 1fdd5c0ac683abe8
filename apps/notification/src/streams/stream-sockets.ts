import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AppError } from '@shopfleet/kernel';
import { problemOf, requestIdOf, toAppError } from '@shopfleet/service';
import { WebSocketServer, type WebSocket } from 'ws';
import { SocketPeer } from './socket-peer.ts';
import { StreamHub } from './stream-hub.ts';
import { StreamTickets } from './stream-tickets.ts';
import { streamQuery } from './streams.controller.ts';

export const SOCKET_ORIGINS = Symbol('SOCKET_ORIGINS');

const path = '/api/notifications/ws';
const mostBytesFromClient = 1_024;

/** WebSockets beside the HTTP routes: the same tickets, cursors and events as the stream. */
@Injectable()
export class StreamSockets implements OnApplicationBootstrap {
  private readonly logger = new Logger(StreamSockets.name);
  private readonly sockets = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false, maxPayload: mostBytesFromClient });

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly tickets: StreamTickets,
    private readonly hub: StreamHub,
    /** Pages of these origins may connect. */
    @Inject(SOCKET_ORIGINS) private readonly origins: readonly string[],
  ) {}

  onApplicationBootstrap(): void {
    const server = this.adapter.httpAdapter.getHttpServer() as Server;
    server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => undefined);
      this.upgrade(request, socket, head).catch((error: unknown) => refuse(request, socket, error));
    });
  }

  private async upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://worker');
    if (url.pathname !== path) throw new AppError('not-found', { detail: `There is no WebSocket at ${url.pathname}; the one for notifications is ${path}.` });
    const { origin } = request.headers;
    if (origin !== undefined && !this.origins.includes(origin)) throw new AppError('forbidden', { detail: 'Pages of this origin may not connect.' });
    const query = streamQuery.safeParse(Object.fromEntries(url.searchParams));
    if (!query.success) throw new AppError('validation-failed', { detail: 'Connect with ?ticket= from POST /api/notifications/stream-tickets, and with &since= the last cursor to resume.' });
    this.hub.requireOpen();
    const holder = await this.tickets.redeem(query.data.ticket);
    const socket = await new Promise<WebSocket>((resolve) => this.sockets.handleUpgrade(request, stream, head, resolve));
    socket.on('error', () => undefined);
    try {
      const close = await this.hub.open(holder, query.data.since, () => new SocketPeer(socket, stream));
      socket.once('close', close);
      if (socket.readyState === socket.CLOSED) close();
    } catch (error) {
      const { code, detail } = toAppError(error);
      this.logger.warn(`a WebSocket was closed at once: ${code}`);
      // 1008: what the client asked for; 1013: try again later.
      socket.close(code === 'dependency-unavailable' ? 1013 : 1008, detail.slice(0, 100));
    }
  }
}

function refuse(request: IncomingMessage, socket: Duplex, error: unknown): void {
  // Nobody reads from it any more, so its end would go unnoticed.
  socket.once('finish', () => socket.destroy());
  const requestId = requestIdOf(request);
  const problem = problemOf(toAppError(error), path, requestId);
  const body = JSON.stringify(problem);
  const retry = problem.status === 503 ? 'Retry-After: 1\r\n' : '';
  socket.end(`HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: application/problem+json\r\n${retry}X-Request-Id: ${requestId}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
}
