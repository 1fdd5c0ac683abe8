import { eventExchange } from '@shopfleet/messaging';
// eslint-disable-next-line no-restricted-imports -- the floor is what the bare driver can do
import { connect } from 'amqplib';
import type { MongoClient } from 'mongodb';

const inFlight = 500;
const transactionsAtOnce = 20;

/** Messages a second that the bare driver publishes with confirms into a quorum queue of its own, at most 500 unconfirmed. */
export async function publishFloor(url: string, messages: readonly Buffer[]): Promise<number> {
  const connection = await connect(url);
  try {
    const channel = await connection.createConfirmChannel();
    const { queue } = await channel.assertQueue('bench.floor', { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    await channel.bindQueue(queue, eventExchange, 'bench.floor');
    const begun = performance.now();
    let next = 0;
    await new Promise<void>((resolve, reject) => {
      let confirmed = 0;
      const publish = (): void => {
        const message = messages[next++];
        if (message === undefined) return;
        channel.publish(eventExchange, 'bench.floor', message, { persistent: true, mandatory: true }, (error: Error | null) => {
          if (error) reject(error);
          if (++confirmed === messages.length) resolve();
          else publish();
        });
      };
      for (let slot = 0; slot < inFlight; slot += 1) publish();
    });
    const seconds = (performance.now() - begun) / 1_000;
    await channel.deleteQueue(queue);
    return messages.length / seconds;
  } finally {
    await connection.close();
  }
}

/** Transactions a second that the bare driver commits, each with one insert, with majority and journal, 20 at once. */
export async function transactionFloor(client: MongoClient, count: number): Promise<number> {
  const rows = client.db().collection<{ _id: string }>('floor');
  await rows.deleteMany({});
  const begun = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: transactionsAtOnce }, async () => {
      for (let number = next++; number < count; number = next++) {
        await client.withSession((session) =>
          session.withTransaction(async () => void (await rows.insertOne({ _id: `evt_${number}` }, { session })), { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', journal: true } }),
        );
      }
    }),
  );
  return count / ((performance.now() - begun) / 1_000);
}
