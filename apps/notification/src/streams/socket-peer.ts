import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { NotificationView } from '../inbox/notifications.requests.ts';
import { drained } from './drained.ts';
import type { EndReason, StreamPeer } from './stream-peer.ts';

const farewellMs = 2_000;

// Codes of RFC 6455 and its registry: service restart, try again later, going away.
const closeCodes: Readonly<Record<EndReason, number>> = { restart: 1012, slow: 1013, renew: 1001, replaced: 1001 };

/** The same stream over a WebSocket: one JSON message per event. */
export class SocketPeer implements StreamPeer {
  private answered = true;

  constructor(
    private readonly socket: WebSocket,
    private readonly stream: Duplex,
  ) {
    socket.on('pong', () => (this.answered = true));
  }

  ready(cursor: string): void {
    this.socket.send(JSON.stringify({ type: 'ready', cursor }));
  }

  deliver(cursor: string, notification: NotificationView): Promise<void> | undefined {
    this.socket.send(JSON.stringify({ type: 'notification', cursor, notification }));
    return this.stream.writableNeedDrain ? drained(this.stream) : undefined;
  }

  heartbeat(): boolean {
    if (!this.answered || this.socket.readyState !== this.socket.OPEN) {
      this.socket.terminate();
      return false;
    }
    this.answered = false;
    this.socket.ping();
    return true;
  }

  end(reason: EndReason): void {
    if (reason === 'slow') return this.socket.terminate();
    this.socket.close(closeCodes[reason], reason);
    setTimeout(() => this.socket.terminate(), farewellMs).unref();
  }
}
