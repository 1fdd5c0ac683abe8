import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { asUnavailable, RedisStateClient } from '@shopfleet/redis';

/** As long as an access token lives. */
export const opsSessionSeconds = 900;
export const opsCookie = '__Secure-ops';

/** Lets a super admin's browser, which sends no Authorization header, look at pages for 15 minutes. */
@Injectable()
export class OpsSessions {
  constructor(private readonly redis: RedisStateClient) {}

  /** The value of the cookie. @throws AppError dependency-unavailable when Redis cannot keep it */
  async begin(userId: string): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    try {
      await this.redis.set(keyOf(token), userId, 'EX', opsSessionSeconds);
    } catch (error) {
      throw asUnavailable(error);
    }
    return token;
  }

  /** Whose session it is; undefined when it has ended. */
  async userOf(cookieHeader: string | undefined): Promise<string | undefined> {
    const token = (cookieHeader ?? '').split(';').map((part) => part.trim().split('=')).find(([name]) => name === opsCookie)?.[1];
    if (token === undefined || !/^[\w-]{43}$/u.test(token)) return undefined;
    try {
      return (await this.redis.get(keyOf(token))) ?? undefined;
    } catch (error) {
      throw asUnavailable(error);
    }
  }
}

const keyOf = (token: string): string => `ops-session:${createHash('sha256').update(token).digest('base64url')}`;
