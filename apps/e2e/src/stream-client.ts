import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { WebSocket } from 'ws';
import { call, shop } from './shop.ts';

const ca = readFileSync(shop.caFile);

/** A page of the shop that listens to its user's notifications, and connects again from its cursor whenever a stream ends. */
export class StreamClient {
  /** Ids of what was received, in order. */
  readonly heard: string[] = [];
  /** Orders that the received notifications tell of. */
  readonly orders = new Set<string>();
  connections = 0;
  private cursor: string | undefined;
  private stopped = false;
  private drop: () => void = () => undefined;
  private running: Promise<void> | undefined;
  private readonly opened = Promise.withResolvers<void>();

  constructor(
    readonly transport: 'sse' | 'ws',
    private readonly accessToken: string,
  ) {}

  /** Resolves when the stream has begun for the first time. */
  async start(): Promise<void> {
    this.running ??= this.run();
    await this.opened.promise;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.drop();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        const { body } = await call<{ ticket?: string }>('/api/notifications/stream-tickets', { method: 'POST', headers: { authorization: `Bearer ${this.accessToken}` } });
        if (body.ticket !== undefined && !this.stopped) {
          const since = this.cursor === undefined ? '' : `&since=${encodeURIComponent(this.cursor)}`;
          await (this.transport === 'sse' ? this.listenSse(`stream?ticket=${body.ticket}${since}`) : this.listenWs(`ws?ticket=${body.ticket}${since}`));
        }
      } catch {
        // The worker may be away just now.
      }
      if (!this.stopped) await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 400));
    }
  }

  private take(event: string, cursor: string, notification: { id: string; link?: string } | undefined): void {
    this.cursor = cursor;
    if (event === 'ready') {
      this.connections += 1;
      this.opened.resolve();
    }
    if (event !== 'notification' || notification === undefined) return;
    this.heard.push(notification.id);
    this.orders.add(notification.link?.split('/').at(-1) ?? '');
  }

  private async listenSse(path: string): Promise<void> {
    const outgoing = request(`${shop.url}/api/notifications/${path}`, { ca, agent: false, headers: { accept: 'text/event-stream' } });
    this.drop = () => outgoing.destroy();
    const response = await new Promise<IncomingMessage>((resolve, reject) => outgoing.once('response', resolve).once('error', reject).end());
    let text = '';
    response.setEncoding('utf8');
    try {
      if (response.statusCode !== 200) return;
      for await (const chunk of response) {
        text += String(chunk);
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const fields = new Map(text.slice(0, end).split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
          text = text.slice(end + 2);
          const [event, id] = [fields.get('event'), fields.get('id')];
          if (event !== undefined && id !== undefined) this.take(event, id, JSON.parse(fields.get('data') ?? '{}') as { id: string });
        }
      }
    } finally {
      outgoing.destroy();
    }
  }

  private async listenWs(path: string): Promise<void> {
    const socket = new WebSocket(`${shop.url.replace(/^http/u, 'ws')}/api/notifications/${path}`, { ca });
    this.drop = () => socket.terminate();
    socket.on('message', (data: Buffer) => {
      const { type, cursor, notification } = JSON.parse(data.toString('utf8')) as { type: string; cursor: string; notification?: { id: string } };
      this.take(type, cursor, notification);
    });
    await new Promise<void>((resolve) => socket.once('close', () => resolve()).once('error', () => resolve()));
  }
}
