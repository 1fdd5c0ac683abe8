import { createEvent, events, orderPlaced, producerOf, stockLow, subscriptions, type EventService } from '@shopfleet/contracts';
import { eventually, startGuardedServer, type GuardedServer } from '@shopfleet/testing';
import { connect, type Channel, type ChannelModel } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asideExchange, deadQueue, EventPublisher, eventExchange, prepareBroker, retryQueue, serviceQueue } from '../src/index.ts';

const services = Object.keys(subscriptions) as EventService[];
let rabbitmq: GuardedServer;
const connections: ChannelModel[] = [];

beforeAll(async () => {
  rabbitmq = await startGuardedServer('rabbitmq');
  for (const service of services) await prepareBroker(rabbitmq.as('shopfleet'), service);
}, 120_000);
afterAll(async () => {
  await Promise.all(connections.map((connection) => connection.close()));
  await rabbitmq.stop();
});

async function connected(account: EventService | 'shopfleet'): Promise<ChannelModel> {
  const connection = await connect(rabbitmq.as(account));
  connections.push(connection);
  return connection;
}

/** Resolves when the broker refuses the channel what it asked for. @throws when it does not */
async function refused(connection: ChannelModel, ask: (channel: Channel) => unknown): Promise<void> {
  const channel = await connection.createChannel();
  const closed = new Promise<Error>((resolve) => channel.once('error', resolve));
  const asked = (async () => ask(channel))().then(() => channel.checkExchange(eventExchange)).catch((error: unknown) => error);
  await asked;
  expect((await Promise.race([closed, asked])) as Error).toMatchObject({ message: expect.stringMatching(/ACCESS_REFUSED/u) as string });
}

describe('the account of a service in RabbitMQ', () => {
  it('cannot read, bind, change or write the queues of another', async () => {
    const cart = await connected('cart');
    for (const queue of [serviceQueue('order'), deadQueue('order'), retryQueue('order', 1_000), 'shop.unrouted']) {
      await refused(cart, (channel) => channel.consume(queue, () => undefined));
      await refused(cart, (channel) => channel.get(queue));
      await refused(cart, (channel) => channel.purgeQueue(queue));
      await refused(cart, (channel) => channel.deleteQueue(queue));
      await refused(cart, (channel) => channel.bindQueue(queue, eventExchange, 'cart.merged.v1'));
      await refused(cart, (channel) => channel.publish('', queue, Buffer.from('{}')));
    }
    await refused(cart, (channel) => channel.publish(asideExchange('order'), deadQueue('order'), Buffer.from('{}')));
  });

  it('hears no event that its own inbox was not bound for', async () => {
    const cart = await connected('cart');
    await refused(cart, (channel) => channel.bindQueue(serviceQueue('cart'), eventExchange, 'user.registered.v1'));
    await refused(cart, (channel) => channel.assertQueue('eavesdropper', { exclusive: true }));
    await refused(cart, (channel) => channel.deleteExchange(eventExchange));
  });

  it('is refused without its password', async () => {
    const url = new URL(rabbitmq.as('cart'));
    url.password = new URL(rabbitmq.as('order')).password;
    await expect(connect(url.href)).rejects.toThrow(/ACCESS_REFUSED|403/u);
    await expect(connect(url.href.replace(/\/\/[^@]+@/u, '//guest:guest@'))).rejects.toThrow(/ACCESS_REFUSED|403/u);
  });

  it('tells of its own events, in the name of nobody else', async () => {
    for (const { type } of events) {
      const producer = producerOf(type);
      for (const service of services) {
        const connection = await sharedConnection(service);
        if (producer === 'any' || producer === service) await published(connection, type);
        else await refused(connection, (channel) => channel.publish(eventExchange, type, Buffer.from('{}')));
      }
    }
  }, 120_000);

  it('is enough to publish by the publisher of the shop, whose topology the migration made', async () => {
    const publisher = new EventPublisher({ url: rabbitmq.as('order'), service: 'order' });
    try {
      await eventually(() => publisher.available, { timeoutMs: 20_000 });
      const own = createEvent(orderPlaced, { source: 'order', subject: 'ord_1', data: orderPlaced.example });
      expect(await publisher.publish([own])).toEqual({ confirmed: [own.id], failed: [] });
      const foreign = createEvent(stockLow, { source: 'product', subject: 'sku', data: stockLow.example });
      expect((await publisher.publish([foreign], { timeoutMs: 2_000 })).confirmed).toEqual([]);
    } finally {
      await publisher.onApplicationShutdown();
    }
  });
});

const shared = new Map<string, ChannelModel>();
async function sharedConnection(service: EventService): Promise<ChannelModel> {
  const known = shared.get(service) ?? (await connected(service));
  shared.set(service, known);
  return known;
}

async function published(connection: ChannelModel, type: string): Promise<void> {
  const channel = await connection.createConfirmChannel();
  channel.publish(eventExchange, type, Buffer.from('{}'));
  await channel.waitForConfirms();
  await channel.close();
}
