import { events, isUnheard } from '@shopfleet/contracts';
import type { ChannelModel, Options } from 'amqplib';

/** All events of the shop go through this topic exchange; the routing key is the event's type. */
export const eventExchange = 'shop.events';

/** What no queue was bound for lands here, instead of being thrown away. */
export const unroutedQueue = 'shop.unrouted';

/**
 * Events that no service of the shop listens to end here, where there is no queue: their being unheard is no accident. What
 * somebody else has bound for them gets them all the same.
 */
export const unheardExchange = 'shop.unheard';

export interface QueueDefinition {
  readonly name: string;
  readonly arguments: Readonly<Record<string, string | number>>;
}

export interface ExchangeDefinition {
  readonly name: string;
  readonly type: 'topic' | 'fanout' | 'direct';
  readonly options: Options.AssertExchange;
}

export interface BindingDefinition {
  readonly queue: string;
  readonly exchange: string;
  readonly routingKey: string;
}

/** From one exchange to another. */
export interface ForwardingDefinition {
  readonly destination: string;
  readonly exchange: string;
  readonly routingKey: string;
  /** False: there may be one of earlier days, which has to go. */
  readonly wanted: boolean;
}

/** Exchanges, queues and bindings as data: what is declared at start, and what operators compare the broker with. */
export interface Topology {
  readonly exchanges: readonly ExchangeDefinition[];
  readonly queues: readonly QueueDefinition[];
  readonly bindings: readonly BindingDefinition[];
  readonly forwardings: readonly ForwardingDefinition[];
}

/** How long a failed event waits before its second, third and fourth try, in milliseconds. */
export const defaultRetryDelaysMs: readonly number[] = [1_000, 10_000, 60_000];

// A worker that dies takes its unacked events with it, so some deliveries end without anybody's fault; an event
// that kills every worker it meets must end in the dead-letter queue all the same. 4.x of the broker counts alike.
const deliveryLimit = 15;

// Each look of an operator counts as a delivery, and from 4.0 on the broker drops what was delivered twenty times.
const looksLimit = 1_000_000;

const weekMs = 7 * 24 * 3_600_000;

export const serviceQueue = (service: string): string => `${service}.events`;

/**
 * The exchange through which a service puts events aside into its own waiting rooms and dead-letter queue. Not the default
 * exchange: an account that may publish there may write into every queue of the shop.
 */
export const asideExchange = (service: string): string => `${service}.aside`;
export const deadQueue = (service: string): string => `${service}.dead`;
export const retryQueue = (service: string, delayMs: number): string => `${service}.retry.${delayMs % 1_000 === 0 ? `${delayMs / 1_000}s` : `${delayMs}ms`}`;

// At-least-once dead lettering keeps a message until its new queue has it; the broker wants reject-publish for that.
const deadLetterTo = (queue: string) =>
  ({
    'x-dead-letter-exchange': '',
    'x-dead-letter-routing-key': queue,
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
  }) as const;

/** What every publisher declares: the exchange, the queue for events that nobody has bound yet, and where those end that nobody wants. */
export function publisherTopology(): Topology {
  return {
    exchanges: [
      { name: eventExchange, type: 'topic', options: { durable: true, alternateExchange: unroutedQueue } },
      { name: unroutedQueue, type: 'fanout', options: { durable: true } },
      { name: unheardExchange, type: 'fanout', options: { durable: true } },
    ],
    queues: [
      {
        name: unroutedQueue,
        // The one queue that may forget: nobody asked for what is in it, and it must not fill the disk.
        arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': looksLimit, 'x-max-length': 100_000, 'x-overflow': 'drop-head', 'x-message-ttl': weekMs },
      },
    ],
    bindings: [{ queue: unroutedQueue, exchange: unroutedQueue, routingKey: '' }],
    forwardings: events.map(({ type }) => ({ destination: unheardExchange, exchange: eventExchange, routingKey: type, wanted: isUnheard(type) })),
  };
}

/**
 * The queues of one service: its inbox bound for each event it handles, one waiting room per retry delay, and the
 * dead-letter queue. Only what has a handler is bound.
 *
 * @example topologyOf('order', ['stock.reserved.v1', 'stock.rejected.v1'])
 */
export function topologyOf(service: string, eventTypes: readonly string[], retryDelaysMs: readonly number[] = defaultRetryDelaysMs): Topology {
  const base = publisherTopology();
  const aside = [deadQueue(service), ...retryDelaysMs.map((delayMs) => retryQueue(service, delayMs))];
  return {
    exchanges: [...base.exchanges, { name: asideExchange(service), type: 'direct', options: { durable: true } }],
    queues: [
      ...base.queues,
      { name: deadQueue(service), arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': looksLimit } },
      {
        name: serviceQueue(service),
        arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': deliveryLimit, ...deadLetterTo(deadQueue(service)) },
      },
      ...retryDelaysMs.map((delayMs) => ({
        name: retryQueue(service, delayMs),
        arguments: { 'x-queue-type': 'quorum', 'x-message-ttl': delayMs, ...deadLetterTo(serviceQueue(service)) },
      })),
    ],
    bindings: [
      ...base.bindings,
      ...eventTypes.map((routingKey) => ({ queue: serviceQueue(service), exchange: eventExchange, routingKey })),
      ...aside.map((queue) => ({ queue, exchange: asideExchange(service), routingKey: queue })),
    ],
    forwardings: base.forwardings,
  };
}

/**
 * Declares what is missing; harmless when all is there. A queue that exists with other arguments is used as it is and
 * returned, for arguments cannot be changed: an operator drains it, deletes it and restarts. A service's own account may
 * not declare; then all must be there already, declared and bound by the migration.
 *
 * @throws Error of the broker when the connection fails, and one that names the migration when something is missing.
 */
export async function declareTopology(connection: ChannelModel, topology: Topology): Promise<{ readonly mismatched: readonly string[] }> {
  try {
    return await declare(connection, topology);
  } catch (error) {
    if (codeOf(error) !== accessRefused) throw error;
    await requireTopology(connection, topology);
    return { mismatched: [] };
  }
}

async function requireTopology(connection: ChannelModel, { exchanges, queues }: Topology): Promise<void> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  try {
    for (const { name } of exchanges) await channel.checkExchange(name);
    for (const { name } of queues) await channel.checkQueue(name);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`queues or exchanges are missing and this account may not declare them: run the migration (${reason})`, { cause: error });
  }
  await channel.close();
}

async function declare(connection: ChannelModel, topology: Topology): Promise<{ readonly mismatched: readonly string[] }> {
  const mismatched: string[] = [];
  for (const { name, type, options } of topology.exchanges) {
    if (await differs(connection, async (channel) => channel.assertExchange(name, type, options))) mismatched.push(`exchange ${name}`);
  }
  for (const queue of topology.queues) {
    const options = { durable: true, arguments: queue.arguments };
    if (await differs(connection, async (channel) => channel.assertQueue(queue.name, options))) mismatched.push(`queue ${queue.name}`);
  }
  const channel = await connection.createChannel();
  for (const { queue, exchange, routingKey } of topology.bindings) await channel.bindQueue(queue, exchange, routingKey);
  for (const { destination, exchange, routingKey, wanted } of topology.forwardings) {
    if (wanted) await channel.bindExchange(destination, exchange, routingKey);
    else await channel.unbindExchange(destination, exchange, routingKey);
  }
  await channel.close();
  return { mismatched };
}

const accessRefused = 403;
const preconditionFailed = 406;

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

// A wrong argument closes the channel, so each question gets one of its own.
async function differs(connection: ChannelModel, attempt: (channel: Awaited<ReturnType<ChannelModel['createChannel']>>) => Promise<unknown>): Promise<boolean> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  try {
    await attempt(channel);
    await channel.close();
    return false;
  } catch (error) {
    if (codeOf(error) === preconditionFailed) return true;
    throw error;
  }
}
