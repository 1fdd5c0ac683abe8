// One worker of the sample service as a process of its own, so that tests can kill it. Run by Node as it stands (types
// are stripped), on the built libraries. Environment: PORT, MONGODB_URI, RABBITMQ_URL, ROLE (relay or consumer), FAILPOINT.
import 'reflect-metadata';
import { createServer } from 'node:http';
import { stockLow, type Envelope } from '@shopfleet/contracts';
import { EventPublisher, RabbitMqStrategy, type FailPoint } from '@shopfleet/messaging';
import { connectOptions, Transactions } from '@shopfleet/mongo';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the built package: Node cannot strip the decorators of its sources
import { Inbox, MongoLease, MongoOutboxSource, OutboxRelay } from '@shopfleet/outbox';
import { createConnection } from 'mongoose';

const { PORT, MONGODB_URI = '', RABBITMQ_URL = '', ROLE, FAILPOINT } = process.env;
const failPoint = (FAILPOINT || undefined) as FailPoint | undefined;
const connection = await createConnection(MONGODB_URI, connectOptions({ appName: 'sample' })).asPromise();
const messaging = { url: RABBITMQ_URL, service: 'sample', failPoint };

if (ROLE === 'relay') {
  new OutboxRelay(new MongoOutboxSource(connection), new MongoLease(connection, 'outbox:sample'), new EventPublisher(messaging), { failPoint }).start();
} else {
  const inbox = new Inbox(connection, new Transactions(connection));
  const strategy = new RabbitMqStrategy(messaging);
  strategy.addHandler(stockLow.type, async (event: Envelope) => {
    await inbox.once('sample.counter', event, async (session) => {
      const effects = connection.getClient().db().collection<{ _id: string; times: number }>('effects');
      await effects.updateOne({ _id: event.id }, { $inc: { times: 1 } }, { upsert: true, session });
    });
  });
  await strategy.listen(() => undefined);
}

createServer((_request, response) => response.end('ready')).listen(Number(PORT), '127.0.0.1');
