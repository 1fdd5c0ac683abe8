import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { AppError, type Drainable } from '@shopfleet/kernel';
import { Gathered } from '@shopfleet/mongo';
import { bulkhead } from 'cockatiel';
import type { Audience } from '../inbox/notification.schema.ts';
import { NotificationsRepository } from '../inbox/notifications.repository.ts';
import { readerOf } from '../inbox/reader.ts';
import { LiveNotifications } from './live-notifications.ts';
import { decodeStreamCursor, type StreamCursor } from './stream-cursor.ts';
import { StreamConnection } from './stream-connection.ts';
import type { StreamPeer } from './stream-peer.ts';
import type { TicketHolder } from './stream-tickets.ts';

const heartbeatMs = 15_000;
// The net below the channel: how late a notification is at most whose announcement was lost.
const lookMs = 5_000;
const audiencesPerLook = 1_000;
const listenPatienceMs = 1_000;
// An access token lives so long; who was locked out must not listen for longer.
const lifetimeMs = 15 * 60_000;
const connectionsPerUser = 10;
const connectionsPerWorker = 20_000;
const endedAtOnce = 100;
const endPauseMs = 50;
// When a worker ends, all who listened to it come to the others within a second or two; the pool of connections is also
// that of mails and events, which must go on meanwhile.
const opensTogether = 500;
const readsAtOnce = 5;

interface Room {
  readonly connections: Set<StreamConnection>;
  readonly listening: Promise<(() => Promise<void>) | undefined>;
}

/** All streams of this worker: who listens to what, heartbeats, the look at the database, the end. */
@Injectable()
export class StreamHub implements OnApplicationBootstrap, Drainable {
  private readonly logger = new Logger(StreamHub.name);
  private readonly rooms = new Map<Audience, Room>();
  private readonly connections = new Set<StreamConnection>();
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly positions = new Gathered<readonly Audience[], Map<Audience, number>>(async (asked) => {
    const last = await this.notifications.lastSeqOf([...new Set(asked.flat())]);
    return asked.map(() => last);
  }, { most: opensTogether });
  private readonly reads = bulkhead(readsAtOnce, Number.MAX_SAFE_INTEGER);
  private readonly pages = { findAfter: (...asked: Parameters<NotificationsRepository['findAfter']>) => this.reads.execute(() => this.notifications.findAfter(...asked)) };
  private looking = false;
  private draining = false;

  constructor(
    private readonly notifications: NotificationsRepository,
    private readonly live: LiveNotifications,
  ) {}

  onApplicationBootstrap(): void {
    this.timers.push(setInterval(() => this.beat(), heartbeatMs).unref(), setInterval(() => void this.look(), lookMs).unref());
  }

  /** @throws AppError dependency-unavailable when this worker takes no further stream: another one does */
  requireOpen(): void {
    if (this.draining || this.connections.size >= connectionsPerWorker) {
      throw new AppError('dependency-unavailable', { detail: 'This worker takes no further streams just now; connect again, another one will.', retryAfterSeconds: 1 });
    }
  }

  /**
   * Opens a stream: begins to listen, reads where the reader stands, hands over what came since, then goes on live.
   * Resolves with the function to call when the client has gone.
   *
   * @param since a cursor of an earlier stream or list; absent: from now on
   * @throws AppError validation-failed for a wrong cursor
   */
  async open(holder: TicketHolder, since: string | undefined, peer: () => StreamPeer): Promise<() => void> {
    this.requireOpen();
    const reader = readerOf(holder);
    const cursor = since === undefined ? undefined : decodeStreamCursor(since, reader.audiences);
    const rooms = reader.audiences.map((audience) => this.roomOf(audience));
    // Only then: what is recorded from here on is announced to us, what was before is in the counters.
    await Promise.race([Promise.all(rooms.map(({ listening }) => listening)), delay(listenPatienceMs, undefined, { ref: false })]);
    let last: Map<Audience, number>;
    try {
      last = await this.positions.run(reader.audiences);
    } catch (error) {
      this.closeEmptyRooms(reader.audiences);
      throw error;
    }
    const start: StreamCursor = new Map(reader.audiences.map((audience) => [audience, startAt(cursor?.get(audience), last.get(audience) ?? 0)]));
    const connection = new StreamConnection(reader, start, peer(), this.pages, performance.now() + lifetimeMs * (0.9 + Math.random() / 10), (error) => this.troubled(error));
    // A room may have been closed meanwhile by the last one who left it.
    for (const audience of reader.audiences) this.roomOf(audience).connections.add(connection);
    this.connections.add(connection);
    this.makeRoomFor(reader.userId);
    connection.begin();
    for (const audience of reader.audiences) if ((last.get(audience) ?? 0) > connection.seqOf(audience)) connection.catchUp(audience);
    if (this.draining) connection.end('restart');
    return () => this.leave(connection);
  }

  get size(): number {
    return this.connections.size;
  }

  /** Ends every stream, so that clients come back to another worker; a few at a time, so that they do not come all at once. */
  async drain(): Promise<void> {
    this.draining = true;
    for (const timer of this.timers.splice(0)) clearInterval(timer);
    const all = [...this.connections];
    for (let from = 0; from < all.length; from += endedAtOnce) {
      for (const connection of all.slice(from, from + endedAtOnce)) connection.end('restart');
      await delay(endPauseMs);
    }
  }

  private roomOf(audience: Audience): Room {
    const known = this.rooms.get(audience);
    if (known !== undefined) return known;
    const connections = new Set<StreamConnection>();
    const listening = this.live
      .listen(
        audience,
        (message) => {
          for (const connection of connections) connection.take(audience, message);
        },
        () => {
          for (const connection of connections) connection.catchUp(audience);
        },
      )
      .catch((error: unknown) => {
        this.troubled(error);
        return undefined;
      });
    const room = { connections, listening };
    this.rooms.set(audience, room);
    return room;
  }

  private leave(connection: StreamConnection): void {
    connection.gone();
    if (!this.connections.delete(connection)) return;
    for (const audience of connection.reader.audiences) this.rooms.get(audience)?.connections.delete(connection);
    this.closeEmptyRooms(connection.reader.audiences);
  }

  private closeEmptyRooms(audiences: readonly Audience[]): void {
    for (const audience of audiences) {
      const room = this.rooms.get(audience);
      if (room === undefined || room.connections.size > 0) continue;
      this.rooms.delete(audience);
      void room.listening.then((stop) => stop?.()).catch((error: unknown) => this.troubled(error));
    }
  }

  private makeRoomFor(userId: string): void {
    const own = [...(this.rooms.get(`user:${userId}`)?.connections ?? [])];
    for (const connection of own.slice(0, Math.max(0, own.length - connectionsPerUser))) connection.end('replaced');
  }

  private beat(): void {
    const now = performance.now();
    for (const connection of this.connections) {
      if (now > connection.renewAt) connection.end('renew');
      else if (!connection.heartbeat()) this.leave(connection);
    }
  }

  // A process that died between its commit and its announcement, or a Redis that was away, must not cost a notification.
  private async look(): Promise<void> {
    if (this.looking || this.connections.size === 0) return;
    this.looking = true;
    try {
      const audiences = [...this.rooms.keys()];
      for (let from = 0; from < audiences.length; from += audiencesPerLook) {
        const last = await this.notifications.lastSeqOf(audiences.slice(from, from + audiencesPerLook));
        for (const [audience, seq] of last) {
          for (const connection of this.rooms.get(audience)?.connections ?? []) if (connection.seqOf(audience) < seq) connection.catchUp(audience);
        }
      }
    } catch (error) {
      this.troubled(error);
    } finally {
      this.looking = false;
    }
  }

  private troubled(error: unknown): void {
    this.logger.warn(`streams: ${error instanceof Error ? error.message : String(error)}; what was missed is handed over later`);
  }
}

// A cursor ahead of the counter belongs to a database that was restored from a backup: begin at its end.
function startAt(given: number | undefined, last: number): number {
  return given === undefined ? last : Math.min(given, last);
}
