import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isRole, type Principal } from '@shopfleet/identity';
import { AppError } from '@shopfleet/kernel';
import { asUnavailable, RedisStateClient } from '@shopfleet/redis';
import { z } from 'zod';

/** Long enough to open a connection, too short to be worth stealing from a log. */
export const ticketSeconds = 30;

/** Whom a ticket lets in. */
export type TicketHolder = Pick<Principal, 'userId' | 'roles'>;

const stored = z.object({ userId: z.string(), roles: z.array(z.string()) });

/** One-use tickets for connections that cannot send an Authorization header. Redis knows their hashes only. */
@Injectable()
export class StreamTickets {
  constructor(private readonly redis: RedisStateClient) {}

  /** @throws AppError dependency-unavailable when Redis cannot keep it */
  async issue({ userId, roles }: TicketHolder): Promise<string> {
    const ticket = randomBytes(24).toString('base64url');
    try {
      await this.redis.set(keyOf(ticket), JSON.stringify({ userId, roles }), 'EX', ticketSeconds);
    } catch (error) {
      throw asUnavailable(error);
    }
    return ticket;
  }

  /**
   * Takes a ticket in; it opens nothing a second time.
   * @throws AppError unauthenticated when it was used, is too old or never was one
   */
  async redeem(ticket: string): Promise<TicketHolder> {
    let found: string | null;
    try {
      found = await this.redis.getdel(keyOf(ticket));
    } catch (error) {
      throw asUnavailable(error);
    }
    if (found === null) {
      throw new AppError('unauthenticated', { detail: `The ticket was used already or is older than ${ticketSeconds} s: get a new one by POST /api/notifications/stream-tickets.` });
    }
    const { userId, roles } = stored.parse(JSON.parse(found));
    return { userId, roles: roles.filter(isRole) };
  }
}

const keyOf = (ticket: string): string => `stream-ticket:${createHash('sha256').update(ticket).digest('base64url')}`;
