import { connect, type Channel, type GetMessage } from 'amqplib';

/** A look at the broker past the library under test. */
export interface Broker {
  readonly channel: Channel;
  /** Messages that are ready in a queue. */
  depth(queue: string): Promise<number>;
  /** Takes all that is ready out of a queue. */
  takeAll(queue: string): Promise<GetMessage[]>;
  close(): Promise<void>;
}

export async function lookAt(url: string): Promise<Broker> {
  const connection = await connect(url);
  connection.on('error', () => undefined);
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  return {
    channel,
    depth: async (queue) => (await channel.checkQueue(queue)).messageCount,
    takeAll: async (queue) => {
      const taken: GetMessage[] = [];
      for (let message = await channel.get(queue, { noAck: true }); message !== false; message = await channel.get(queue, { noAck: true })) taken.push(message);
      return taken;
    },
    close: () => connection.close().catch(() => undefined),
  };
}
