import type { NotificationView } from '../inbox/notifications.requests.ts';

/** Why a stream ends: the worker stops, the client reads too slowly, the connection is old, or its user has opened others. */
export type EndReason = 'restart' | 'slow' | 'renew' | 'replaced';

/** The far end of a stream, whatever carries it. */
export interface StreamPeer {
  /** Tells where the stream begins. */
  ready(cursor: string): void;
  /** Resolves at once while the connection keeps up, else when it has caught up; rejects when it does not within its patience. */
  deliver(cursor: string, notification: NotificationView): Promise<void> | undefined;
  /** Keeps the way open; false when nobody is at the other end any more. */
  heartbeat(): boolean;
  end(reason: EndReason): void;
}
