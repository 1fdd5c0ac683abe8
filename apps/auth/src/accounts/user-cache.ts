import { Injectable } from '@nestjs/common';
import { Cache, CacheFamily } from '@shopfleet/cache';
import type { User } from './accounts.requests.ts';

const users = new CacheFamily({ name: 'user', ttlSeconds: 300 });

/** What /me answers, kept under `user:{id}` for 300 s and dropped at each change of the account. */
@Injectable()
export class UserCache {
  constructor(private readonly cache: Cache) {}

  async read(userId: string, find: () => Promise<User>): Promise<User> {
    const { body } = await this.cache.read(users, userId, async () => ({ json: await find() }), [tagOf(userId)]);
    return JSON.parse(body.toString()) as User;
  }

  /** Call it after the commit of each change. */
  forget(userId: string): Promise<void> {
    return this.cache.invalidate([tagOf(userId)]);
  }
}

const tagOf = (userId: string): string => `user:${userId}`;
