import type { ServerResponse } from 'node:http';
import type { NotificationView } from '../inbox/notifications.requests.ts';
import type { EndReason, StreamPeer } from './stream-peer.ts';
import { drained } from './drained.ts';

/** Server-sent events over one HTTP response. */
export class SsePeer implements StreamPeer {
  constructor(private readonly response: ServerResponse) {}

  ready(cursor: string): void {
    // Clients come back at different moments when a worker ends with all of its streams.
    const retryMs = 500 + Math.floor(Math.random() * 2_000);
    this.response.write(`retry: ${retryMs}\nid: ${cursor}\nevent: ready\ndata: {"cursor":"${cursor}"}\n\n`);
  }

  deliver(cursor: string, notification: NotificationView): Promise<void> | undefined {
    const keepsUp = this.response.write(`id: ${cursor}\nevent: notification\ndata: ${JSON.stringify(notification)}\n\n`);
    return keepsUp ? undefined : drained(this.response);
  }

  heartbeat(): boolean {
    if (this.response.destroyed || this.response.writableEnded) return false;
    this.response.write(': still here\n\n');
    return true;
  }

  end(reason: EndReason): void {
    // Who does not read will not read the farewell either.
    if (reason === 'slow') this.response.destroy();
    else this.response.end(`event: end\ndata: {"reason":"${reason}"}\n\n`);
  }
}
