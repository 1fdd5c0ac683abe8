import type { RedisStateClient } from '@shopfleet/redis';
import { Queue } from 'bullmq';
import { producerConnection } from './connection.ts';
import { endOf } from './ending.ts';
import { prefix } from './jobs.ts';

/** Figures of one queue. */
export interface QueueFigures {
  readonly name: string;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
  readonly completed: number;
}

/** Queues of all services, for a board that operators look at and for their commands; nothing is worked off here. */
export class BoardQueues {
  private readonly queues = new Map<string, Queue>();

  /** @param url of redis-state */
  constructor(private readonly url: string) {}

  /** Names of the queues that were ever used. @throws Error when Redis does not answer */
  async names(redis: Pick<RedisStateClient, 'scan'>): Promise<string[]> {
    const found = new Set<string>();
    let cursor = '0';
    do {
      const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix}:*:meta`, 'COUNT', 1_000);
      for (const key of keys) found.add(key.slice(prefix.length + 1, -':meta'.length));
      cursor = next;
    } while (cursor !== '0');
    return [...found].sort();
  }

  /** BullMQ's own object, as a board wants it. */
  open(name: string): Queue {
    const known = this.queues.get(name);
    if (known !== undefined) return known;
    const queue = new Queue(name, { connection: producerConnection(this.url), prefix, skipMetasUpdate: true });
    // Said by the commands that fail.
    queue.on('error', () => undefined);
    this.queues.set(name, queue);
    return queue;
  }

  async figuresOf(name: string): Promise<QueueFigures> {
    const counts = await this.open(name).getJobCounts('wait', 'active', 'delayed', 'failed', 'completed');
    const count = (state: string): number => counts[state] ?? 0;
    return { name, waiting: count('wait'), active: count('active'), delayed: count('delayed'), failed: count('failed'), completed: count('completed') };
  }

  async close(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => endOf(queue)));
  }
}
