import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { within } from '@shopfleet/kernel';
import { connect, type ChannelModel, type ConfirmChannel } from 'amqplib';

export interface BrokerConnectionOptions {
  readonly url: string;
  /** Shown in the broker's list of connections, such as `order publisher`. */
  readonly name: string;
  /** Called on each new connection, before {@link BrokerConnection.channel} is there; a failure closes it and tries again. */
  readonly onOpen: (channel: ConfirmChannel, connection: ChannelModel) => Promise<void>;
}

const firstDelayMs = 100;
const longestDelayMs = 2_000;
const connectTimeoutMs = 5_000;
// A queue without a leader answers nothing; better to begin anew than to wait with it for ever.
const openTimeoutMs = 20_000;
const closePatienceMs = 1_000;
const heartbeatSeconds = 10;

/** One connection with one confirm channel that comes back by itself: capped back-off with full jitter, for ever. */
export class BrokerConnection {
  private readonly logger: Logger;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private connection: ChannelModel | undefined;
  private openChannel: ConfirmChannel | undefined;
  private lastError = 'not connected yet';
  private readonly firstOpen = Promise.withResolvers<void>();
  /** True while the broker takes no messages (memory or disk alarm). */
  blocked = false;

  constructor(private readonly options: BrokerConnectionOptions) {
    this.logger = new Logger(`RabbitMQ ${options.name}`);
  }

  /** The channel, or undefined while there is no connection. */
  get channel(): ConfirmChannel | undefined {
    return this.openChannel;
  }

  /** Why there is no channel, for a person. */
  get reason(): string {
    return this.lastError;
  }

  /** Begins to connect; returns at once, whether the broker is there or not. */
  start(): void {
    this.running ??= this.keepConnected();
  }

  /** Resolves when the first connection is there, or after `ms`, whichever comes first. */
  async firstConnected(ms: number): Promise<void> {
    await Promise.race([this.firstOpen.promise, delay(ms, undefined, { ref: false })]);
  }

  /** Drops the connection; a new one is made. For a broker that no longer answers on this one. */
  async reset(reason: string): Promise<void> {
    this.logger.warn(`dropping the connection: ${reason}`);
    this.openChannel = undefined;
    await this.closeConnection();
  }

  /** Closes for good. What is unconfirmed is then unknown to have arrived. */
  async close(): Promise<void> {
    this.stopping.abort();
    const channel = this.openChannel;
    this.openChannel = undefined;
    // The connection's close could overtake acks that the channel has yet to write; its own close cannot.
    if (channel !== undefined) await atMost(closePatienceMs, () => channel.close());
    await this.closeConnection();
    // An attempt that meets a broker which accepts and then says nothing ends by its own time-out, later than we want to wait.
    await atMost(closePatienceMs, async () => this.running);
  }

  private async keepConnected(): Promise<void> {
    let failures = 0;
    while (!this.stopping.signal.aborted) {
      try {
        const { gone } = await within(openTimeoutMs, this.open(), () => new Error(`the broker did not finish the set-up within ${openTimeoutMs / 1_000} s`));
        this.firstOpen.resolve();
        if (failures > 0) this.logger.log(`connected again after ${failures} failed attempts`);
        failures = 0;
        this.lastError = await gone;
      } catch (error) {
        failures += 1;
        this.lastError = error instanceof Error ? error.message || String(error) : String(error);
        // Once when it begins, then about every half minute.
        if (failures === 1 || failures % 30 === 0) this.logger.warn(`no connection (${this.lastError}); trying on`);
      }
      this.openChannel = undefined;
      this.blocked = false;
      await this.closeConnection();
      const longest = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(failures, 10));
      await delay(longest * (0.5 + Math.random() / 2), undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private async open(): Promise<{ readonly gone: Promise<string> }> {
    const url = new URL(this.options.url);
    url.searchParams.set('heartbeat', String(heartbeatSeconds));
    const connection = await connect(url.href, { timeout: connectTimeoutMs, clientProperties: { connection_name: this.options.name } });
    this.connection = connection;
    const gone = new Promise<string>((resolve) => {
      connection.on('error', (error: Error) => resolve(error.message));
      connection.on('close', (error?: Error) => resolve(error?.message ?? 'closed'));
    });
    connection.on('blocked', (reason: string) => {
      this.blocked = true;
      this.logger.warn(`the broker takes no messages: ${reason}`);
    });
    connection.on('unblocked', () => {
      this.blocked = false;
    });
    const channel = await connection.createConfirmChannel();
    const channelGone = new Promise<string>((resolve) => {
      channel.on('error', (error: Error) => resolve(error.message));
      channel.on('close', () => resolve('channel closed'));
    });
    await this.options.onOpen(channel, connection);
    if (this.stopping.signal.aborted) throw new Error('stopping');
    this.openChannel = channel;
    return { gone: Promise.race([gone, channelGone]) };
  }

  private async closeConnection(): Promise<void> {
    const connection = this.connection;
    this.connection = undefined;
    if (connection === undefined) return;
    await atMost(closePatienceMs, () => connection.close());
  }
}

// A broker that hangs would keep us waiting for its close-ok.
async function atMost(ms: number, close: () => Promise<void>): Promise<void> {
  const closing = (async () => close())().catch(() => undefined);
  await Promise.race([closing, delay(ms, undefined, { ref: false })]);
}
