import { Injectable } from '@nestjs/common';
import type { DependencyCheck } from '@shopfleet/kernel';
import { RedisStateCheck } from '@shopfleet/redis';

/** Reported, but not needed to take orders: without it outcomes are looked for instead of heard of, and retries wait. */
@Injectable()
export class CheckoutRedisCheck implements DependencyCheck {
  readonly name = 'redis-state';
  readonly critical = false;

  constructor(private readonly redis: RedisStateCheck) {}

  async check(): Promise<void> {
    await this.redis.check();
  }
}
