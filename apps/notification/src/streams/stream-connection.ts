import type { Audience } from '../inbox/notification.schema.ts';
import { present } from '../inbox/notifications.presenter.ts';
import type { NotificationsRepository, Reader } from '../inbox/notifications.repository.ts';
import type { LiveNotification } from './live-notifications.ts';
import { encodeStreamCursor, type StreamCursor } from './stream-cursor.ts';
import type { EndReason, StreamPeer } from './stream-peer.ts';

const pageSize = 100;

/**
 * One reader's stream. What is live is handed on at once as long as it is the very next; after any gap, and while the
 * client is slow, the database is read from the cursor on. Nothing is buffered here but one page.
 */
export class StreamConnection {
  private readonly behind = new Set<Audience>();
  private reading = false;
  private ended = false;

  constructor(
    readonly reader: Reader,
    private readonly cursor: StreamCursor,
    private readonly peer: StreamPeer,
    private readonly notifications: Pick<NotificationsRepository, 'findAfter'>,
    /** When it has to begin anew, on the monotonic clock, in milliseconds. */
    readonly renewAt: number,
    private readonly onTrouble: (error: unknown) => void,
  ) {}

  /** Says where the stream stands. */
  begin(): void {
    this.peer.ready(this.cursorText);
  }

  /** The number up to which the client has everything. */
  seqOf(audience: Audience): number {
    return this.cursor.get(audience) ?? 0;
  }

  /** Something new, from the channel. */
  take(audience: Audience, { seq, notification }: LiveNotification): void {
    const seen = this.seqOf(audience);
    if (seq <= seen || this.ended) return;
    if (this.reading || seq > seen + 1) return this.catchUp(audience);
    this.cursor.set(audience, seq);
    const slow = this.peer.deliver(this.cursorText, notification);
    if (slow === undefined) return;
    // Until it keeps up again the database holds what comes.
    this.reading = true;
    slow.then(
      () => this.read(),
      () => this.end('slow'),
    );
  }

  /** There may be more than the client has: read on from the cursor. */
  catchUp(audience: Audience): void {
    this.behind.add(audience);
    if (this.reading || this.ended) return;
    this.reading = true;
    void this.read();
  }

  heartbeat(): boolean {
    return this.peer.heartbeat();
  }

  end(reason: EndReason): void {
    if (this.ended) return;
    this.ended = true;
    this.peer.end(reason);
  }

  /** The client has gone. */
  gone(): void {
    this.ended = true;
  }

  private get cursorText(): string {
    return encodeStreamCursor(this.cursor, this.reader.audiences);
  }

  private async read(): Promise<void> {
    try {
      for (let audience = first(this.behind); audience !== undefined && !this.ended; audience = first(this.behind)) {
        this.behind.delete(audience);
        await this.readAudience(audience);
      }
    } catch (error) {
      // The hub's next look at the counters tries again.
      this.onTrouble(error);
    } finally {
      this.reading = false;
    }
  }

  private async readAudience(audience: Audience): Promise<void> {
    for (;;) {
      const page = await this.notifications.findAfter(audience, this.seqOf(audience), pageSize);
      for (const notification of page) {
        if (this.ended) return;
        this.cursor.set(audience, notification.seq);
        const slow = this.peer.deliver(this.cursorText, present(notification, this.reader.userId));
        if (slow === undefined) continue;
        try {
          await slow;
        } catch {
          return this.end('slow');
        }
      }
      if (page.length < pageSize) return;
    }
  }
}

function first<T>(set: ReadonlySet<T>): T | undefined {
  for (const value of set) return value;
  return undefined;
}
