import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';

export interface Heard {
  readonly id: string;
  readonly kind: string;
  readonly body: string;
}

export type Transport = 'sse' | 'ws';

/** A client as a page of the shop would have one: fetches a ticket, listens, and connects again from its cursor when a stream ends. */
export class StreamClient {
  readonly heard: Heard[] = [];
  connections = 0;
  cursor: string | undefined;
  private stopped = false;
  private drop: () => void = () => undefined;
  private running: Promise<void> | undefined;
  private readonly opened = Promise.withResolvers<void>();

  constructor(
    private readonly transport: Transport,
    /** Where to connect next; asked each time, so that a client may move between workers. */
    private readonly url: () => string,
    private readonly ticket: () => Promise<string>,
  ) {}

  /** Resolves when the stream has begun for the first time. */
  async start(): Promise<void> {
    this.running ??= this.run();
    await this.opened.promise;
  }

  /** Breaks the connection off; it comes back by itself. */
  breakOff(): void {
    this.drop();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.drop();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        const ticket = await this.ticket();
        if (this.stopped) return;
        const since = this.cursor === undefined ? '' : `&since=${encodeURIComponent(this.cursor)}`;
        const path = `/api/notifications/${this.transport === 'sse' ? 'stream' : 'ws'}?ticket=${ticket}${since}`;
        await (this.transport === 'sse' ? this.listenSse(path) : this.listenWs(path));
      } catch {
        // The worker may be away just now.
      }
      if (!this.stopped) await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 200));
    }
  }

  private take(event: string, cursor: string, data: string): void {
    this.cursor = cursor;
    if (event === 'ready') {
      this.connections += 1;
      this.opened.resolve();
    } else if (event === 'notification') this.heard.push(JSON.parse(data) as Heard);
  }

  private async listenSse(path: string): Promise<void> {
    const url = new URL(path, this.url());
    const outgoing: ClientRequest = request(url, { headers: { accept: 'text/event-stream' }, agent: false });
    this.drop = () => outgoing.destroy();
    const response = await new Promise<IncomingMessage>((resolve, reject) => outgoing.once('response', resolve).once('error', reject).end());
    if (response.statusCode !== 200) {
      response.resume();
      throw new Error(`the stream answered ${response.statusCode}`);
    }
    let text = '';
    response.setEncoding('utf8');
    try {
      for await (const chunk of response) {
        text += String(chunk);
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const fields = new Map(text.slice(0, end).split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
          text = text.slice(end + 2);
          const event = fields.get('event');
          if (event !== undefined && event !== 'end') this.take(event, fields.get('id') ?? '', fields.get('data') ?? '');
        }
      }
    } finally {
      outgoing.destroy();
    }
  }

  private async listenWs(path: string): Promise<void> {
    const socket = new WebSocket(new URL(path, this.url().replace(/^http/u, 'ws')));
    this.drop = () => socket.terminate();
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString('utf8')) as { type: string; cursor: string; notification?: object };
      this.take(message.type, message.cursor, JSON.stringify(message.notification));
    });
    await new Promise<void>((resolve) => socket.once('close', () => resolve()).once('error', () => resolve()));
  }
}
