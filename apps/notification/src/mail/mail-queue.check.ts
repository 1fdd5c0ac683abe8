import { Injectable } from '@nestjs/common';
import type { DependencyCheck } from '@shopfleet/kernel';
import { RedisStateCheck } from '@shopfleet/redis';

/** Without redis-state mails wait in MongoDB and lists are read as ever, so it does not take the worker out of traffic. */
@Injectable()
export class MailQueueCheck implements DependencyCheck {
  readonly name = 'redis-state';
  readonly critical = false;

  constructor(private readonly redis: RedisStateCheck) {}

  async check(): Promise<void> {
    await this.redis.check();
  }
}
