import { Inject, Injectable } from '@nestjs/common';
import type { DependencyCheck } from '@shopfleet/kernel';
import { RedisCacheClient, RedisStateClient } from './redis-client.ts';

async function ping(client: RedisCacheClient | RedisStateClient): Promise<void> {
  try {
    await client.ping();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${client.server} at ${client.address} does not answer: ${reason}`, { cause: error });
  }
}

/** redis-cache is reported, but a service that lost it stays ready: it goes on without copies. */
@Injectable()
export class RedisCacheCheck implements DependencyCheck {
  readonly name = 'redis-cache';
  readonly critical = false;

  constructor(@Inject(RedisCacheClient) private readonly client: RedisCacheClient) {}

  /** @throws Error that names the server and the reason. */
  async check(): Promise<void> {
    await ping(this.client);
  }
}

/** Readiness of redis-state. */
@Injectable()
export class RedisStateCheck implements DependencyCheck {
  readonly name = 'redis-state';

  constructor(@Inject(RedisStateClient) private readonly client: RedisStateClient) {}

  /** @throws Error that names the server and the reason. */
  async check(): Promise<void> {
    await ping(this.client);
  }
}
