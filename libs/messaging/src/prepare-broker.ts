import { setTimeout as delay } from 'node:timers/promises';
import { subscriptions, type EventService } from '@shopfleet/contracts';
import { connect, type ChannelModel } from 'amqplib';
import { declareTopology, topologyOf } from './topology.ts';

const defaultPatienceMs = 20_000;
const connectTimeoutMs = 3_000;

/**
 * Declares the queues and bindings of a service as the table of subscriptions says: a migration step, run for every
 * service before any of them starts, so that an event published before its consumer was ever up waits in its queue.
 * Running it again changes nothing.
 *
 * @throws Error that says what to do when the broker does not answer within `patienceMs` (20 s where absent)
 * @example await prepareBroker(config.RABBITMQ_URL, 'order');
 */
export async function prepareBroker(url: string, service: EventService, { patienceMs = defaultPatienceMs } = {}): Promise<{ readonly mismatched: readonly string[] }> {
  const connection = await connectPatiently(url, patienceMs);
  try {
    const { mismatched } = await declareTopology(connection, topologyOf(service, subscriptions[service]));
    for (const what of mismatched) process.stderr.write(`${what} exists with other arguments and is used as it is; drain it, delete it and migrate again to get the intended ones\n`);
    return { mismatched };
  } finally {
    await connection.close().catch(() => undefined);
  }
}

async function connectPatiently(url: string, patienceMs: number): Promise<ChannelModel> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      const connection = await connect(url, { timeout: connectTimeoutMs, clientProperties: { connection_name: 'migration' } });
      connection.on('error', () => undefined);
      return connection;
    } catch (error) {
      if (performance.now() > deadline) {
        const { host } = new URL(url);
        const reason = error instanceof Error ? error.message || error.name : String(error);
        throw new Error(`RabbitMQ at ${host} does not answer (${reason}), so the queues cannot be declared: start it, check RABBITMQ_URL and run the migration again.`, { cause: error });
      }
      await delay(250);
    }
  }
}
