import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, type ChannelModel, type ConfirmChannel, type GetMessage } from 'amqplib';
import { deliveryStateOf, headerNames, typeOf } from './delivery-headers.ts';
import { republish, settle, withoutTrail } from './republish.ts';
import { deadQueue, eventExchange, serviceQueue, unroutedQueue } from './topology.ts';

/** A message that was put aside, as an operator sees it. */
export interface DeadLetter {
  /** The id of the event; for a message that came without one `letter_…`, made of what it is: equal ones share it. */
  readonly id: string;
  readonly type: string;
  /** The queue whose consumer gave it up; empty for what nobody was bound for. */
  readonly failedQueue: string;
  /** Such as `invalid-data` or `attempts-exhausted`; `delivery_limit` when its workers died of it. */
  readonly reason: string;
  readonly lastError: string;
  readonly attempts: number;
  /** ISO 8601; empty where the broker itself moved it. */
  readonly deadAt: string;
  /** How often it was sent on its way again by an operator. */
  readonly redrives: number;
  /** As it arrived, which need not be JSON. */
  readonly body: string;
}

/** Which messages an operation is about. */
export interface Selection {
  /** One message by its id; all where absent. */
  readonly id?: string;
  /** Only of this type. */
  readonly type?: string;
  /** At most so many. Default: 10,000. */
  readonly limit?: number;
}

/** How the id of a message begins that came without one. */
export const contentIdPrefix = 'letter_';

const redrivesHeader = 'x-redrives';
const mostAtOnce = 10_000;
const backWithinMs = 2_000;

/** A queue that messages can be put aside in: the dead letters of a service, or what nobody was bound for. */
export type AsideQueue = { readonly service: string } | 'unrouted';

/**
 * What operators do with messages that were put aside. Messages that are only looked at go back to where they were.
 *
 * @example
 * const letters = await DeadLetters.connect(url);
 * await letters.redrive({ service: 'order' }, { type: 'stock.reserved.v1' });
 * await letters.close();
 */
export class DeadLetters {
  private constructor(private readonly connection: ChannelModel) {}

  /** @throws Error that says which server is away and what to do, when the broker does not answer within 5 s */
  static async connect(url: string): Promise<DeadLetters> {
    const connection = await connect(url, { timeout: 5_000, clientProperties: { connection_name: 'operator' } }).catch((error: unknown) => {
      // Its account does not belong on a screen.
      const at = URL.canParse(url) ? new URL(url).host : 'the address of RABBITMQ_URL';
      throw new Error(`RabbitMQ at ${at} cannot be used (${reasonOf(error)}): start it (npm start) or check RABBITMQ_URL, then try again`, { cause: error });
    });
    connection.on('error', () => undefined);
    return new DeadLetters(connection);
  }

  /** Messages that wait in a queue and consumers that work on it; undefined when there is no such queue. */
  async depthOf(queue: string): Promise<{ readonly messages: number; readonly consumers: number } | undefined> {
    const channel = await this.connection.createChannel();
    channel.on('error', () => undefined);
    try {
      const { messageCount, consumerCount } = await channel.checkQueue(queue);
      await channel.close();
      return { messages: messageCount, consumers: consumerCount };
    } catch {
      return undefined;
    }
  }

  /** Looks without taking, oldest first. */
  async list(from: AsideQueue, selection: Selection = {}): Promise<DeadLetter[]> {
    const found: DeadLetter[] = [];
    await this.walk(from, selection, (letter) => {
      found.push(letter);
      return Promise.resolve(false);
    });
    return found;
  }

  /**
   * Sends messages to the queue that gave them up (those of `unrouted`: to whoever is bound by now), with their count of
   * tries begun anew. A message leaves its place only after the broker has confirmed the copy. Resolves with what was sent.
   *
   * @param options `body`: a corrected content, for one message that is chosen by its id; `before` is called with each
   * just before it is sent, for the audit: when it rejects the message stays
   */
  async redrive(from: AsideQueue, selection: Selection = {}, { body, before }: { readonly body?: string | undefined; readonly before?: (letter: DeadLetter) => Promise<void> } = {}): Promise<DeadLetter[]> {
    if (body !== undefined && selection.id === undefined) throw new Error('A corrected content is for one message: choose it by its id.');
    const sent: DeadLetter[] = [];
    await this.walk(from, selection, async (letter, message, channel) => {
      await before?.(letter);
      const content = body === undefined ? message.content : Buffer.from(body);
      await send(channel, from, letter, message, content);
      sent.push(letter);
      return true;
    });
    return sent;
  }

  /**
   * Throws messages away for good. Resolves with what they were.
   *
   * @param before called with each just before it is gone, for the audit; when it rejects the message stays
   */
  async discard(from: AsideQueue, selection: Selection = {}, before: (letter: DeadLetter) => Promise<void> = () => Promise.resolve()): Promise<DeadLetter[]> {
    const gone: DeadLetter[] = [];
    await this.walk(from, selection, async (letter) => {
      await before(letter);
      gone.push(letter);
      return true;
    });
    return gone;
  }

  /**
   * Puts a message aside by hand, as a consumer would. For tests, and for what an operator has kept elsewhere.
   */
  async bury({ service }: { readonly service: string }, letter: { readonly id: string; readonly type: string; readonly body: string; readonly reason: string; readonly error: string }): Promise<void> {
    const channel = await this.connection.createConfirmChannel();
    const headers = { [headerNames.deadReason]: letter.reason, [headerNames.lastError]: letter.error, [headerNames.queue]: serviceQueue(service), [headerNames.deadAt]: new Date().toISOString() };
    channel.sendToQueue(deadQueue(service), Buffer.from(letter.body), { persistent: true, messageId: letter.id, type: letter.type, headers });
    await channel.waitForConfirms();
    await channel.close();
  }

  async close(): Promise<void> {
    await this.connection.close().catch(() => undefined);
  }

  // Takes each message that is there now once; those for which `decide` says no go back when the channel closes.
  private async walk(from: AsideQueue, { id, type, limit = mostAtOnce }: Selection, decide: (letter: DeadLetter, message: GetMessage, channel: ConfirmChannel) => Promise<boolean>): Promise<void> {
    const queue = from === 'unrouted' ? unroutedQueue : deadQueue(from.service);
    const channel = await this.connection.createConfirmChannel();
    channel.on('error', () => undefined);
    const kept = new Set<GetMessage>();
    try {
      const { messageCount } = await channel.checkQueue(queue);
      let chosen = 0;
      for (let position = 1; position <= messageCount && chosen < limit && position <= mostAtOnce; position += 1) {
        const message = await channel.get(queue);
        if (message === false) break;
        const letter = letterOf(message);
        const wanted = (id === undefined || letter.id === id) && (type === undefined || letter.type === type);
        if (wanted) chosen += 1;
        kept.add(message);
        if (wanted && (await decide(letter, message, channel))) {
          channel.ack(message);
          kept.delete(message);
        }
        if (wanted && id !== undefined) break;
      }
    } finally {
      for (const message of kept) settle(() => channel.nack(message, false, true));
      if (kept.size > 0) await untilBack(channel, queue, kept.size).catch(() => undefined);
      await channel.close().catch(() => undefined);
    }
  }
}

function letterOf(message: GetMessage): DeadLetter {
  const { properties, content } = message;
  const headers = properties.headers ?? {};
  const text = (name: string): string => (typeof headers[name] === 'string' ? headers[name] : '');
  const redrives: unknown = headers[redrivesHeader];
  return {
    id: typeof properties.messageId === 'string' && properties.messageId !== '' ? properties.messageId : contentId(message),
    type: typeOf(message),
    failedQueue: text(headerNames.queue) || text('x-first-death-queue'),
    reason: text(headerNames.deadReason) || text('x-first-death-reason') || 'unrouted',
    lastError: text(headerNames.lastError),
    attempts: deliveryStateOf(message).attempt,
    deadAt: text(headerNames.deadAt),
    redrives: typeof redrives === 'number' ? redrives : 0,
    body: content.toString('utf8'),
  };
}

// The same at every look: the broker itself counts looks, in headers that are left out.
function contentId({ properties, fields, content }: GetMessage): string {
  const headers = Object.entries(properties.headers ?? {}).filter(([name]) => !/^x-(delivery-count|acquired-count)$/u.test(name));
  const outside = JSON.stringify([properties.type, properties.appId, properties.timestamp, fields.routingKey, headers.toSorted(([a], [b]) => (a < b ? -1 : 1))]);
  return `${contentIdPrefix}${createHash('sha256').update(outside).update(content).digest('hex').slice(0, 16)}`;
}

function reasonOf(error: unknown): string {
  // Where a name has several addresses, the reason is that of each.
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}

async function send(channel: ConfirmChannel, from: AsideQueue, letter: DeadLetter, message: GetMessage, content: Buffer): Promise<void> {
  const own = new Set<string>(Object.values(headerNames));
  const headers = Object.fromEntries(Object.entries(withoutTrail(message.properties.headers)).filter(([name]) => !own.has(name)));
  // What was corrected may be the type itself.
  const type = content === message.content ? letter.type : (typeIn(content) ?? letter.type);
  const [exchange, key] = from === 'unrouted' ? [eventExchange, type] : ['', serviceQueue(from.service)];
  await republish(channel, message, { exchange, key, headers: { ...headers, [redrivesHeader]: letter.redrives + 1 }, content, type });
}

function typeIn(content: Buffer): string | undefined {
  try {
    const type = (JSON.parse(content.toString('utf8')) as { type?: unknown } | null)?.type;
    return typeof type === 'string' && type !== '' ? type : undefined;
  } catch {
    return undefined;
  }
}

// A quorum queue takes messages back in its own time, after the answer to whatever is asked next: a second look at once
// would miss them.
async function untilBack(channel: ConfirmChannel, queue: string, count: number): Promise<void> {
  const deadline = Date.now() + backWithinMs;
  while ((await channel.checkQueue(queue)).messageCount < count && Date.now() < deadline) await pause(20);
}
