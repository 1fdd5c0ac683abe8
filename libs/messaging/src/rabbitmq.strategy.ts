import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { events, parseEvent, type AnyEvent } from '@shopfleet/contracts';
import { PassingSet, requestContext, within, type Drainable } from '@shopfleet/kernel';
import { histogram, observe } from '@shopfleet/metrics';
import { traced } from '@shopfleet/tracing';
import type { ChannelModel, ConfirmChannel, ConsumeMessage } from 'amqplib';
import { isObservable, lastValueFrom } from 'rxjs';
import { Acks } from './acks.ts';
import { BrokerConnection } from './broker-connection.ts';
import { deliveryStateOf, describeFailure, headerNames, typeOf } from './delivery-headers.ts';
import { decideOnFailure, HandlerTimedOut } from './failure-policy.ts';
import { failAt, type MessagingOptions } from './messaging-options.ts';
import { republish, withoutTrail } from './republish.ts';
import { messagingOptions } from './tokens.ts';
import { asideExchange, deadQueue, declareTopology, defaultRetryDelaysMs, retryQueue, serviceQueue, topologyOf } from './topology.ts';

// Enough for what waits for company before it shares a transaction, at some hundred events a second.
const defaultPrefetch = 150;
// Transactions end after 5 s; what takes six times as long hangs.
const defaultHandlerTimeoutMs = 30_000;
const bindingPatienceMs = 2_000;
const drainPatienceMs = 10_000;
const cancelPatienceMs = 1_000;

const handling = histogram('shop_event_handling_seconds', 'One delivery of an event to its handlers', ['type', 'outcome']);

/**
 * Carries `@EventPattern<string>('order.placed.v1')` over RabbitMQ: an event is acked after its handlers' promises have
 * resolved; one that fails is tried again later or goes to the dead-letter queue (see {@link decideOnFailure}). Handlers
 * get the parsed envelope by `@Payload()`, run inside the request context of the event, may see an event more than
 * once and events in any order. Works without the broker: it connects when there is one.
 */
@Injectable()
export class RabbitMqStrategy extends Server implements CustomTransportStrategy, Drainable {
  override readonly propagatesEventHandlerErrors = true;
  protected override readonly logger = new Logger(RabbitMqStrategy.name);
  private readonly handlers = new Map<string, MessageHandler[]>();
  private readonly connection: BrokerConnection;
  private readonly queue: string;
  private readonly retryDelaysMs: readonly number[];
  private readonly inHand = new PassingSet<Promise<void>>();
  private consumer: { readonly channel: ConfirmChannel; readonly tag: string; readonly acks: Acks } | undefined;
  private drained: Promise<void> | undefined;
  private broker: ChannelModel | undefined;
  private endFigures: () => void = () => undefined;
  /**
   * The broker gives events to the worker of the highest number for as long as that one has room, and only then to the
   * next: what comes at the same time meets in one process and shares its transactions. Drawn, for workers need not know of each other.
   */
  private readonly priority = randomInt(1_000_000);

  constructor(@Inject(messagingOptions) private readonly options: MessagingOptions) {
    super();
    this.queue = serviceQueue(options.service);
    this.retryDelaysMs = options.retryDelaysMs ?? defaultRetryDelaysMs;
    this.connection = new BrokerConnection({
      url: options.url,
      name: `${options.service} consumer`,
      onOpen: (channel, connection) => this.consume(channel, connection),
    });
  }

  // Nest chains handlers of one pattern and runs them at once; ours run one after the other, all of them.
  override addHandler(pattern: unknown, handler: MessageHandler): void {
    const type = this.normalizePattern(pattern as string);
    const list = this.handlers.get(type) ?? [];
    this.handlers.set(type, [...list, handler]);
    this.messageHandlers.set(type, handler);
  }

  /**
   * Begins to consume, and calls back when the queue is bound or after two seconds: a worker that reports ready hears
   * every event from then on, and a broker that is away keeps none from starting. Calls back with an error when a
   * handler names an event that no contract defines.
   */
  async listen(callback: (error?: Error) => void): Promise<void> {
    const known = new Set<string>(events.map(({ type }) => type));
    const unknown = [...this.handlers.keys()].filter((type) => !known.has(type));
    if (unknown.length > 0) {
      callback(new Error(`A handler waits for ${unknown.join(', ')}, which @shopfleet/contracts does not define: correct its @EventPattern or add the event.`));
      return;
    }
    if (this.handlers.size > 0) {
      this.endFigures = observe('shop_queue_messages', 'Messages that wait in RabbitMQ, by queue; each worker tells of its service', ['queue'], () => this.depths());
      this.connection.start();
      await this.connection.firstConnected(bindingPatienceMs);
    }
    callback();
  }

  /** True when events are being consumed, or when there is nothing to consume. */
  get connected(): boolean {
    return this.handlers.size === 0 || this.connection.channel !== undefined;
  }

  get disconnectedReason(): string {
    return this.connection.reason;
  }

  /** Takes no more events and resolves when those in hand are acked, after 10 s at the latest: the broker gives the rest to others. */
  drain(): Promise<void> {
    return (this.drained ??= this.finish());
  }

  async close(): Promise<void> {
    this.endFigures();
    await this.drain();
    await this.connection.close();
  }

  on(): never {
    throw new Error('RabbitMqStrategy has no events to listen to.');
  }

  unwrap<T>(): T {
    return this.connection as T;
  }

  private async finish(): Promise<void> {
    const consumer = this.consumer;
    this.consumer = undefined;
    const deadline = performance.now() + drainPatienceMs;
    if (consumer !== undefined) await Promise.race([consumer.channel.cancel(consumer.tag).catch(() => undefined), delay(cancelPatienceMs, undefined, { ref: false })]);
    while (this.inHand.size > 0 && performance.now() < deadline) {
      await Promise.race([Promise.allSettled(this.inHand), delay(deadline - performance.now(), undefined, { ref: false })]);
    }
    consumer?.acks.flush();
  }

  private async consume(channel: ConfirmChannel, connection: ChannelModel): Promise<void> {
    this.broker = connection;
    const topology = topologyOf(this.options.service, [...this.handlers.keys()], this.retryDelaysMs);
    const { mismatched } = await declareTopology(connection, topology);
    for (const what of mismatched) {
      this.logger.error(`${what} exists with other arguments and is used as it is: drain it, delete it and restart the service to get the intended ones`);
    }
    if (this.drained !== undefined) return;
    await channel.prefetch(this.options.prefetch ?? defaultPrefetch);
    // When all in hand fail at once, each listens for the return of its copy.
    channel.setMaxListeners(0);
    const acks = new Acks(channel);
    const { consumerTag } = await channel.consume(this.queue, (message) => {
      // The broker took the queue away: connect and declare anew.
      if (message === null) void this.connection.reset(`${this.queue} was deleted`);
      else this.take(channel, message, acks);
    }, { priority: this.priority });
    this.consumer = { channel, tag: consumerTag, acks };
    this.logger.log(`consuming ${this.queue}: ${[...this.handlers.keys()].join(', ')}`);
  }

  private take(channel: ConfirmChannel, message: ConsumeMessage, acks: Acks): void {
    acks.received(message);
    const work = this.deliver(channel, message, acks).catch(async (error: unknown) => {
      this.logger.error(`cannot put ${typeOf(message)} aside: ${describeFailure(error)}`);
      // Back to the queue, but not in a tight loop; without the channel the broker has done so already.
      await delay(1_000);
      acks.giveBack(message);
    });
    this.inHand.add(work);
    void work.finally(() => this.inHand.delete(work));
  }

  private async depths(): Promise<{ labels: { queue: string }; value: number }[]> {
    // A channel of its own: asking for a queue that is not there closes it.
    const channel = await this.broker?.createChannel();
    if (channel === undefined) throw new Error('not connected');
    channel.on('error', () => undefined);
    const { service } = this.options;
    const depths = [];
    try {
      for (const queue of [this.queue, ...this.retryDelaysMs.map((delayMs) => retryQueue(service, delayMs)), deadQueue(service)]) {
        depths.push({ labels: { queue }, value: (await channel.checkQueue(queue)).messageCount });
      }
    } finally {
      await channel.close().catch(() => undefined);
    }
    return depths;
  }

  private async deliver(channel: ConfirmChannel, message: ConsumeMessage, acks: Acks): Promise<void> {
    const began = performance.now();
    let outcome = 'handled';
    try {
      const event = parseEvent(readJson(message.content));
      await requestContext.run({ requestId: event.correlationId ?? event.id, traceparent: event.traceparent }, () =>
        // The header is the publishing itself, which hangs below the request that the event names.
        traced(`process ${event.type}`, { kind: 'consumer', parent: traceOf(message) ?? event.traceparent, attributes: { 'messaging.system': 'rabbitmq', 'messaging.destination.name': this.queue, 'messaging.message.id': event.id } }, () => this.handle(event)),
      );
      failAt('consumer.before-ack', this.options.failPoint);
    } catch (error) {
      outcome = await this.putAside(channel, message, error);
    }
    // Of an unknown type nothing is a label: whoever can publish could make series without end.
    handling.observe({ type: this.handlers.has(typeOf(message)) ? typeOf(message) : 'unknown', outcome }, (performance.now() - began) / 1_000);
    acks.ack(message);
  }

  private async handle(event: AnyEvent): Promise<void> {
    const handlers = this.handlers.get(event.type);
    // A binding made by a newer or an older version of the service, during a deployment: some worker will know it.
    if (handlers === undefined) throw new Error(`${this.options.service} has no handler for ${event.type}: unbind it from ${this.queue} if that is meant to be`);
    const failures: unknown[] = [];
    for (const handler of handlers) {
      try {
        await this.inTime(event.type, async () => {
          const result: unknown = await handler(event, {});
          if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
        });
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    this.logger.debug(`${event.type} ${event.id} was handled`);
  }

  private async inTime(type: string, work: () => Promise<void>): Promise<void> {
    const timeoutMs = this.options.handlerTimeoutMs ?? defaultHandlerTimeoutMs;
    await within(timeoutMs, work(), () => new HandlerTimedOut(type, timeoutMs));
  }

  private async putAside(channel: ConfirmChannel, message: ConsumeMessage, error: unknown): Promise<'retry' | 'dead'> {
    const { attempt, waits, firstFailedAt } = deliveryStateOf(message);
    const now = Date.now();
    const decision = decideOnFailure({ error, attempt, waits, firstFailedAt: firstFailedAt ?? now, now }, this.retryDelaysMs);
    const about = `${typeOf(message)} ${String(message.properties.messageId ?? '(no id)')} failed at try ${attempt}`;
    const exchange = asideExchange(this.options.service);
    const headers = {
      ...withoutTrail(message.properties.headers),
      [headerNames.firstFailedAt]: firstFailedAt ?? now,
      [headerNames.lastError]: describeFailure(error),
      [headerNames.queue]: this.queue,
    };
    if (decision.action === 'retry') {
      this.logger.warn(`${about}, again in ${decision.delayMs} ms: ${describeFailure(error)}`);
      const counted = { [headerNames.attempt]: decision.attempt, [headerNames.waits]: decision.attempt === attempt ? waits + 1 : waits };
      await republish(channel, message, { exchange, key: retryQueue(this.options.service, decision.delayMs), headers: { ...headers, ...counted } });
    } else {
      this.logger.error(`${about} and goes to ${deadQueue(this.options.service)} (${decision.reason}): ${describeFailure(error)}`);
      const buried = { [headerNames.attempt]: attempt, [headerNames.deadReason]: decision.reason, [headerNames.deadAt]: new Date(now).toISOString() };
      await republish(channel, message, { exchange, key: deadQueue(this.options.service), headers: { ...headers, ...buried } });
    }
    return decision.action;
  }
}

function traceOf({ properties }: ConsumeMessage): string | undefined {
  const header: unknown = properties.headers?.['traceparent'];
  return typeof header === 'string' ? header : undefined;
}

function readJson(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    // parseEvent tells what it is not.
    return undefined;
  }
}
