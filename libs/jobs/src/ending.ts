import { setTimeout as delay } from 'node:timers/promises';
import type { Queue, Worker } from 'bullmq';

// Enough to write down what became of the last job.
const writeMs = 2_000;
const jobsInHandMs = 10_000;
const hangUpMs = 100;
const mostHangUps = 20;

/**
 * Closes a queue or a worker, whatever state its Redis is in: waits for jobs in hand, then two seconds for
 * BullMQ's own farewell, then hangs up. A job that was cut off is found by another worker when its lock expires.
 * Never rejects.
 */
export async function endOf(end: Queue | Worker, hasJobsInHand: () => boolean = () => false): Promise<void> {
  let ended = false;
  const closing = end.close().catch(() => undefined).finally(() => (ended = true));
  const deadline = performance.now() + jobsInHandMs;
  do await Promise.race([closing, delay(writeMs)]);
  while (!ended && hasJobsInHand() && performance.now() < deadline);
  const hangUps = (): void => {
    for (const client of [end.backend.client, end.backend.blockingClient]) void client?.then(hangUp).catch(() => undefined);
  };
  for (let count = 0; !ended && count < mostHangUps; count += 1) {
    hangUps();
    await Promise.race([closing, delay(hangUpMs)]);
  }
  // A connection that could not say goodbye would go on trying for ever.
  hangUps();
}

type Client = Awaited<Queue['backend']['client']>;

/**
 * ioredis that is disconnected between two attempts to connect forgets the attempt, emits no `end` and leaves its
 * commands unanswered; BullMQ waits for both without a bound. One more attempt, whatever comes of it, ends properly.
 */
async function hangUp(client: Client): Promise<void> {
  if (client.status === 'end') return;
  client.on('error', () => undefined);
  client.disconnect();
  if (client.status !== 'reconnecting') return;
  await client.connect().catch(() => undefined);
  client.disconnect();
}
