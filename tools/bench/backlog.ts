import { setTimeout as delay } from 'node:timers/promises';
import { subscriptions, type EventService } from '@shopfleet/contracts';
import { DeadLetters, defaultRetryDelaysMs, retryQueue, serviceQueue } from '@shopfleet/messaging';
import { MongoClient } from 'mongodb';
import type { BenchShop } from './bench-shop.ts';

export interface Backlog {
  /**
   * Resolves when nothing is left to be done.
   * @param orders paid since the last call: each leads to a mail. Default: 0, where nobody counts them
   * @throws Error after two minutes, saying what is left
   */
  readonly untilEmpty: (orders?: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

const services = ['product-service', 'order-service', 'auth-service', 'notification-service'];
const queues = (Object.keys(subscriptions) as EventService[]).flatMap((service) => [serviceQueue(service), ...defaultRetryDelaysMs.map((delayMs) => retryQueue(service, delayMs))]);

/**
 * Watches what a checkout leaves to be done: rows in the outboxes, messages in the queues, stock that has not left the shelf,
 * mails not yet written or sent. The broker's own figures of unacknowledged messages are five seconds old in quorum queues, so
 * that what consumers have in hand is known by its effect; what is ready is asked of the queues themselves.
 */
export async function openBacklog(shop: BenchShop): Promise<Backlog> {
  const environment = shop.environmentOf('order-service');
  const client = await MongoClient.connect(environment['MONGODB_URI'] ?? '');
  const broker = await DeadLetters.connect(environment['RABBITMQ_URL'] ?? '');
  const databases = services.map((service) => client.db(new URL(shop.environmentOf(service)['MONGODB_URI'] ?? '').pathname.slice(1)));
  const mails = client.db('shop_notification').collection('mails');
  let expectedMails = await mails.estimatedDocumentCount();

  // By the indexes of what is pending: without a hint each look would read all that there ever was.
  const left = async (): Promise<Record<string, number>> => {
    const outbox = await Promise.all(databases.map((database) => database.collection('outbox').countDocuments({ status: 'pending' }, { hint: 'pending_in_order' })));
    return {
      outbox: outbox.reduce((sum, count) => sum + count, 0),
      undecided: await client.db('shop_order').collection('orders').countDocuments({ status: { $in: ['pending', 'awaiting_payment'] } }),
      onTheShelf: await client.db('shop_product').collection('holds').countDocuments({ state: 'held' }, { hint: 'expiring' }),
      unwritten: Math.max(0, expectedMails - (await mails.estimatedDocumentCount())),
      unsent: await mails.countDocuments({ state: 'pending' }, { hint: 'pending_due' }),
    };
  };

  const ready = async (): Promise<number> => (await Promise.all(queues.map((queue) => broker.depthOf(queue)))).reduce((sum, depth) => sum + (depth?.messages ?? 0), 0);
  const isEmpty = (now: Record<string, number>): boolean => Object.values(now).every((count) => count === 0);

  return {
    untilEmpty: async (orders = 0) => {
      expectedMails += orders;
      const deadline = Date.now() + 120_000;
      for (;;) {
        const now = await left();
        // The queues last: asking them opens a channel for each.
        if (isEmpty(now) && (await ready()) === 0) return;
        if (Date.now() > deadline) throw new Error(`the backlog does not empty: ${JSON.stringify(now)}`);
        await delay(25);
      }
    },
    close: async () => {
      await broker.close();
      await client.close();
    },
  };
}
