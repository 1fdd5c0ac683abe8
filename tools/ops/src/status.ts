import { BoardQueues } from '@shopfleet/jobs';
import { DeadLetters, deadQueue, defaultRetryDelaysMs, retryQueue, serviceQueue, unroutedQueue } from '@shopfleet/messaging';
import { subscriptions } from '@shopfleet/contracts';
import { RedisStateClient } from '@shopfleet/redis';
import type { Document } from 'mongodb';
import type { CommandLine } from './command-line.ts';
import type { Context } from './context.ts';
import { printTable } from './print.ts';

// The cart service keeps its outbox as a stream beside the carts.
const cartStream = '{cart}:outbox';

interface OutboxFigures {
  readonly service: string;
  readonly pending: number;
  readonly oldestSeconds: number;
  readonly leader: string;
}

/** outbox status */
export async function outboxStatus({ surroundings, mongo, print, audit }: Context, { json }: CommandLine): Promise<void> {
  const figures: OutboxFigures[] = [];
  for (const service of ['auth', 'notification', 'order', 'product']) {
    const db = mongo.db(`shop_${service}`);
    const [pending, oldest, lease] = await Promise.all([
      db.collection('outbox').countDocuments({ status: 'pending' }),
      db.collection('outbox').find({ status: 'pending' }).sort({ seq: 1 }).limit(1).next(),
      db.collection<Document & { _id: string }>('leases').findOne({ _id: `outbox:${service}` }),
    ]);
    const leads = lease !== null && (lease['expiresAt'] as Date) > new Date();
    figures.push({ service, pending, oldestSeconds: oldest === null ? 0 : secondsSince((oldest['createdAt'] as Date).getTime()), leader: leads ? `pid ${String(lease['owner']).split('-', 1)[0]}` : 'nobody' });
  }
  const redis = new RedisStateClient(surroundings.redisState);
  try {
    const [pending, [oldest], leader] = await Promise.all([redis.xlen(cartStream), redis.xrange(cartStream, '-', '+', 'COUNT', 1), redis.get(`${cartStream}:leader`)]);
    figures.push({ service: 'cart', pending, oldestSeconds: oldest === undefined ? 0 : secondsSince(Number(oldest[0].split('-', 1)[0])), leader: leader === null ? 'nobody' : `pid ${leader.split('-', 1)[0]}` });
  } finally {
    await redis.onApplicationShutdown();
  }
  await audit('ops.outbox-status', 'outbox', {});
  if (json) return print(JSON.stringify(figures, undefined, 2));
  printTable(print, ['service', 'pending', 'oldest', 'published by'], figures.map(({ service, pending, oldestSeconds, leader }) => [service, String(pending), pending === 0 ? '-' : `${oldestSeconds} s`, leader]));
}

/** queue stats */
export async function queueStats({ surroundings, print, audit }: Context, { json }: CommandLine): Promise<void> {
  // One server that is away must not hide the queues of the other.
  const letters = await DeadLetters.connect(surroundings.rabbitmq).catch((error: unknown) => error);
  const board = new BoardQueues(surroundings.redisState);
  const redis = new RedisStateClient(surroundings.redisState);
  try {
    const names = [...Object.keys(subscriptions).flatMap((service) => [serviceQueue(service), ...defaultRetryDelaysMs.map((delayMs) => retryQueue(service, delayMs)), deadQueue(service)]), unroutedQueue];
    const rabbitmq = [];
    if (letters instanceof DeadLetters) for (const name of names) rabbitmq.push({ name, ...((await letters.depthOf(name)) ?? { messages: undefined, consumers: undefined }) });
    const jobs = [];
    for (const name of await board.names(redis)) jobs.push(await board.figuresOf(name));
    await audit('ops.queue-stats', 'queues', {});
    if (json) print(JSON.stringify({ rabbitmq, jobs }, undefined, 2));
    else {
      if (letters instanceof DeadLetters) {
        printTable(print, ['RabbitMQ', 'ready', 'consumers'], rabbitmq.map(({ name, messages, consumers }) => [name, String(messages ?? 'not there'), String(consumers ?? '')]));
        print('');
      }
      printTable(print, ['BullMQ', 'waiting', 'active', 'delayed', 'failed', 'completed'], jobs.map(({ name, waiting, active, delayed, failed, completed }) => [name, ...[waiting, active, delayed, failed, completed].map(String)]));
    }
    if (!(letters instanceof DeadLetters)) throw letters;
  } finally {
    await Promise.all([letters instanceof DeadLetters && letters.close(), board.close(), redis.onApplicationShutdown()]);
  }
}

const secondsSince = (ms: number): number => Math.round((Date.now() - ms) / 1_000);
