import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { events, isUnheard, type Envelope } from '@shopfleet/contracts';
import { traced } from '@shopfleet/tracing';
import type { ConfirmChannel, Message, Options } from 'amqplib';
import { BrokerConnection } from './broker-connection.ts';
import type { MessagingOptions } from './messaging-options.ts';
import { messagingOptions } from './tokens.ts';
import { declareTopology, eventExchange, publisherTopology } from './topology.ts';

/** What became of the envelopes of one call. */
export interface PublishReport {
  /** Ids of the events that the broker has on its disk. */
  readonly confirmed: readonly string[];
  /** Events that it may or may not have; publish them again, consumers recognise duplicates. */
  readonly failed: readonly { readonly id: string; readonly reason: string }[];
}

const defaultTimeoutMs = 5_000;

// To be routed nowhere is right for these, so the broker need not send them back.
const unheard: ReadonlySet<string> = new Set(events.map(({ type }) => type).filter(isUnheard));

/**
 * Publishes events with confirms and `mandatory`. Only the outbox relay should call it: an event that is published
 * beside a transaction can be lost or be a lie.
 */
@Injectable()
export class EventPublisher implements OnApplicationShutdown {
  private readonly connection: BrokerConnection;
  private readonly returned = new Set<string>();
  private readonly listeners = new Set<() => void>();

  constructor(@Inject(messagingOptions) private readonly options: MessagingOptions) {
    this.connection = new BrokerConnection({
      url: options.url,
      name: `${options.service} publisher`,
      onOpen: async (channel, connection) => {
        await declareTopology(connection, publisherTopology());
        this.returned.clear();
        channel.on('return', (message: Message) => this.returned.add(String(message.properties.messageId)));
        // The channel becomes visible only after this function, hence later.
        setImmediate(() => this.listeners.forEach((listener) => listener()));
      },
    });
  }

  /** False while the broker is away or takes no messages. Connects in the background from the first question on. */
  get available(): boolean {
    this.connection.start();
    return this.connection.channel !== undefined && !this.connection.blocked;
  }

  /** Why nothing can be published at the moment. */
  get unavailableReason(): string {
    return this.connection.blocked ? 'the broker takes no messages (memory or disk alarm)' : this.connection.reason;
  }

  /** Calls back on each new connection. Returns the function that ends this. */
  onConnected(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Publishes and waits for the broker's confirms. Events of one subject go out one after the other, each after the
   * confirm of the one before; after a failure the later ones of that subject are not tried. Never rejects.
   * An event that no queue is bound for counts as confirmed: the broker keeps it in `shop.unrouted`, or drops it where no
   * service is to hear of it.
   */
  async publish(envelopes: readonly Envelope[], { timeoutMs = defaultTimeoutMs } = {}): Promise<PublishReport> {
    const confirmed: string[] = [];
    const failed: { id: string; reason: string }[] = [];
    const brokenSubjects = new Set<string>();
    for (const wave of wavesOf(envelopes)) {
      const outcomes = await Promise.all(
        wave.map(async (envelope) => {
          const reason = brokenSubjects.has(envelope.subject) ? 'an earlier event of this subject was not confirmed' : await this.publishOne(envelope, timeoutMs);
          return { envelope, reason };
        }),
      );
      for (const { envelope, reason } of outcomes) {
        if (reason === undefined) {
          confirmed.push(envelope.id);
          continue;
        }
        failed.push({ id: envelope.id, reason });
        brokenSubjects.add(envelope.subject);
      }
    }
    return { confirmed, failed };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connection.close();
  }

  private publishOne(envelope: Envelope, timeoutMs: number): Promise<string | undefined> {
    return traced(`publish ${envelope.type}`, { kind: 'producer', parent: envelope.traceparent, attributes: { 'messaging.system': 'rabbitmq', 'messaging.message.id': envelope.id } }, (span) => this.publishUntraced(envelope, span?.traceparent ?? envelope.traceparent, timeoutMs));
  }

  private publishUntraced(envelope: Envelope, traceparent: string | undefined, timeoutMs: number): Promise<string | undefined> {
    const channel = this.available ? this.connection.channel : undefined;
    if (channel === undefined) return Promise.resolve(this.unavailableReason);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        resolve(`not confirmed within ${timeoutMs} ms`);
        // Trying again on a connection that is stuck would pile up its buffer.
        if (this.connection.channel === channel) void this.connection.reset('a confirm did not come in time');
      }, timeoutMs);
      const settle = (reason: string | undefined): void => {
        clearTimeout(timer);
        resolve(reason);
      };
      try {
        send(channel, envelope, traceparent, this.options.service, (error) => {
          if (error) settle(`not accepted by the broker: ${error.message}`);
          else settle(this.returned.delete(envelope.id) ? 'returned: neither a queue nor the alternate exchange is there' : undefined);
        });
      } catch (error) {
        settle(error instanceof Error ? error.message : String(error));
      }
    });
  }
}

function send(channel: ConfirmChannel, envelope: Envelope, traceparent: string | undefined, service: string, confirmed: (error: Error | null) => void): void {
  const options: Options.Publish = {
    mandatory: !unheard.has(envelope.type),
    persistent: true,
    messageId: envelope.id,
    type: envelope.type,
    appId: service,
    contentType: 'application/json',
    timestamp: Math.floor(Date.parse(envelope.time) / 1_000),
    headers: traceparent === undefined ? {} : { traceparent },
    ...(envelope.correlationId !== undefined && { correlationId: envelope.correlationId }),
  };
  channel.publish(eventExchange, envelope.type, Buffer.from(JSON.stringify(envelope)), options, (error: Error | null) => confirmed(error));
}

/** Splits a list so that each subject occurs once per wave, in its order. */
export function wavesOf(envelopes: readonly Envelope[]): Envelope[][] {
  const waves: Envelope[][] = [];
  const next = new Map<string, number>();
  for (const envelope of envelopes) {
    const wave = next.get(envelope.subject) ?? 0;
    (waves[wave] ??= []).push(envelope);
    next.set(envelope.subject, wave + 1);
  }
  return waves;
}
