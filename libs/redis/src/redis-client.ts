import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { CommandDeadlines } from './command-deadlines.ts';
import { blockingOptions, COMMAND_TIMEOUT_MS, commandOptions, endpointOf } from './redis-options.ts';

/** What a listener of a channel is told. */
export interface ChannelListener {
  /** A message arrived. */
  readonly onMessage: (message: string) => void;
  /** The connection was away and is back: messages may have been missed, so distrust what they kept fresh. */
  readonly onGap?: () => void;
}

/**
 * A connection under the shop's policy: answers within a second or rejects, never sends a command twice, queues nothing
 * while Redis is away, reconnects by itself for ever.
 *
 * The logger reports only the change (lost, back), not every attempt.
 */
abstract class RedisClient extends Redis implements OnApplicationShutdown {
  readonly server: string;
  readonly #url: string;
  readonly #logger: Logger;
  readonly #listeners = new Map<string, Set<ChannelListener>>();
  readonly #dedicated = new Set<Redis>();
  readonly #deadlines = new CommandDeadlines(COMMAND_TIMEOUT_MS);
  #subscriber: Redis | undefined;
  /** The socket that holds back what is written until the end of this turn. */
  #gathering: Redis['stream'] | undefined;
  #reported = false;

  constructor(server: string, url: string) {
    super({ ...endpointOf(url), ...commandOptions(server) });
    this.server = server;
    this.#url = url;
    this.#logger = new Logger(server);
    this.on('ready', () => {
      this.options.enableOfflineQueue = false;
      if (this.#reported) this.#logger.log(`${server} answers again`);
      this.#reported = false;
    });
    this.on('error', (error: Error) => {
      if (this.#reported) return;
      this.#reported = true;
      this.#logger.warn(`${server} at ${this.address} is away (${error.message}); trying again until it is back`);
    });
  }

  override sendCommand(...parameters: Parameters<Redis['sendCommand']>): ReturnType<Redis['sendCommand']> {
    // ioredis connects in its constructor, before there are deadlines.
    if (#deadlines in this) {
      this.#deadlines.watch(parameters[0]);
      if (this.status === 'ready') this.#gather(this.stream);
    }
    return super.sendCommand(...parameters);
  }

  /** Host and port, for messages to people; never the password. */
  get address(): string {
    return `${this.options.host ?? 'localhost'}:${this.options.port ?? 6379}`;
  }

  /**
   * Listens on a channel over one connection that all listeners of this client share.
   * Resolves when Redis has confirmed; the returned function stops listening.
   *
   * @example const stop = await client.listen('cache:invalidate', { onMessage: forget, onGap: forgetAll });
   */
  async listen(channel: string, listener: ChannelListener): Promise<() => Promise<void>> {
    const subscriber = (this.#subscriber ??= this.#openSubscriber());
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners);
    listeners.add(listener);
    await subscriber.subscribe(channel);
    return async () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      this.#listeners.delete(channel);
      if (subscriber.status === 'ready') await subscriber.unsubscribe(channel);
    };
  }

  /** A connection of its own for blocking commands (XREAD BLOCK); closed with this client. */
  dedicated(purpose: string): Redis {
    const connection = new Redis({ ...endpointOf(this.#url), ...blockingOptions(`${this.server}:${purpose}`) });
    // The command connection to the same server reports its absence; here the error only must not be unhandled.
    connection.on('error', () => undefined);
    this.#dedicated.add(connection);
    connection.once('end', () => this.#dedicated.delete(connection));
    return connection;
  }

  /** Runs after HTTP has drained (Nest calls it last), so no request loses its Redis. */
  async onApplicationShutdown(): Promise<void> {
    for (const connection of this.#dedicated) connection.disconnect();
    if (this.status === 'ready') await this.quit().catch(() => this.disconnect());
    else this.disconnect();
    this.#deadlines.stop();
  }

  /** What one turn of the event loop asks for leaves in one write (docs/adr/0027-redis-commands-leave-together.md). */
  #gather(socket: Redis['stream']): void {
    if (this.#gathering === socket) return;
    this.#gathering = socket;
    socket.cork();
    setImmediate(() => {
      if (this.#gathering === socket) this.#gathering = undefined;
      socket.uncork();
    });
  }

  #openSubscriber(): Redis {
    const subscriber = this.dedicated('subscriber');
    let connectedBefore = false;
    subscriber.on('ready', () => {
      if (connectedBefore) for (const listeners of this.#listeners.values()) for (const { onGap } of listeners) onGap?.();
      connectedBefore = true;
    });
    subscriber.on('message', (channel: string, message: string) => {
      for (const { onMessage } of this.#listeners.get(channel) ?? []) onMessage(message);
    });
    return subscriber;
  }
}

/**
 * Redis for what may be lost: copies, which `allkeys-lru` may evict at any time.
 *
 * @throws every command rejects when Redis is away; callers go on without the copy.
 */
@Injectable()
export class RedisCacheClient extends RedisClient {
  constructor(url: string) {
    super('redis-cache', url);
  }
}

/**
 * Redis for what must not be lost: carts, limits, queues (`noeviction`, append-only file with `appendfsync always`, so
 * that an answer means it is on disk).
 *
 * @throws every command rejects when Redis is away; `asUnavailable` turns that into a 503 for the client.
 */
@Injectable()
export class RedisStateClient extends RedisClient {
  constructor(url: string) {
    super('redis-state', url);
  }
}
