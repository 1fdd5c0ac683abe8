import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import type { BenchShop } from './bench-shop.ts';

export interface Backlog {
  /** Resolves when nothing is left to be done. @throws Error after two minutes, saying what is left */
  readonly untilEmpty: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const services = ['product-service', 'order-service', 'auth-service', 'notification-service'];

/** Watches what a checkout leaves to be done: rows in the outboxes, messages in the queues, mails not yet sent. */
export async function openBacklog(shop: BenchShop): Promise<Backlog> {
  const uri = shop.environmentOf('order-service')['MONGODB_URI'] ?? '';
  const client = await MongoClient.connect(uri);
  const databases = services.map((service) => client.db(new URL(shop.environmentOf(service)['MONGODB_URI'] ?? '').pathname.slice(1)));
  const management = managementOf(shop);

  const left = async (): Promise<Record<string, number>> => {
    const outbox = await Promise.all(databases.map((database) => database.collection('outbox').countDocuments({ status: 'pending' })));
    const mails = await client.db('shop_notification').collection('mails').countDocuments({ state: 'pending' });
    return { outbox: outbox.reduce((sum, count) => sum + count, 0), messages: await management.waitingMessages(), mails };
  };

  return {
    untilEmpty: async () => {
      const deadline = Date.now() + 120_000;
      for (;;) {
        const now = await left();
        if (Object.values(now).every((count) => count === 0)) return;
        if (Date.now() > deadline) throw new Error(`the backlog does not empty: ${JSON.stringify(now)}`);
        await delay(25);
      }
    },
    close: () => client.close(),
  };
}

/** Ready and unacknowledged messages of all working queues, straight from the queues (the management figures lag by seconds). */
function managementOf(shop: BenchShop): { waitingMessages: () => Promise<number> } {
  const amqp = new URL(shop.environmentOf('order-service')['RABBITMQ_URL'] ?? '');
  const authorization = `Basic ${Buffer.from(`${decodeURIComponent(amqp.username) || 'guest'}:${decodeURIComponent(amqp.password) || 'guest'}`).toString('base64')}`;
  const url = `http://127.0.0.1:${shop.instance.ports.rabbitmqManagement}/api/queues?disable_stats=true&enable_queue_totals=true`;
  return {
    waitingMessages: async () => {
      const response = await fetch(url, { headers: { authorization } });
      if (!response.ok) throw new Error(`RabbitMQ's management answered ${response.status}`);
      const queues = (await response.json()) as { name: string; messages?: number }[];
      return queues.filter(({ name }) => /\.(events|retry\.\w+)$/u.test(name)).reduce((sum, { messages = 0 }) => sum + messages, 0);
    },
  };
}
