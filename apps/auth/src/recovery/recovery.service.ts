import { Injectable } from '@nestjs/common';
import { createEvent, userPasswordResetRequested } from '@shopfleet/contracts';
import { AppError } from '@shopfleet/kernel';
import { Transactions, type ClientSession } from '@shopfleet/mongo';
import { Outbox } from '@shopfleet/outbox';
import { AccountsRepository } from '../accounts/accounts.repository.ts';
import type { ResetPasswordRequest } from '../accounts/accounts.requests.ts';
import { resetPassword } from '../accounts/domain/account.ts';
import { assertStrongEnough } from '../accounts/domain/password-policy.ts';
import { noSoonerThan } from '../accounts/even-timing.ts';
import { PasswordHasher } from '../accounts/password-hasher.ts';
import { UserCache } from '../accounts/user-cache.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { Client } from '../client.ts';
import { config } from '../config.ts';
import { SessionsRepository } from '../sessions/sessions.repository.ts';
import { readMailToken } from '../tokens/mail-token.ts';
import { MailTokens } from '../tokens/mail-tokens.ts';

// Longer than the transaction takes on an unloaded machine.
const answerAfterMs = 80;
const secondMailAfterMs = 60_000;

/** The way back in for who has forgotten the password. */
@Injectable()
export class RecoveryService {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly sessions: SessionsRepository,
    private readonly passwords: PasswordHasher,
    private readonly mailTokens: MailTokens,
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly users: UserCache,
  ) {}

  /** Has a mail with a link sent; as far as the caller can tell, also when nobody has that address. */
  async requestReset(email: string, client: Client): Promise<void> {
    await noSoonerThan(answerAfterMs, this.transactions.run((session) => this.mailLink(email, client, session)));
  }

  /**
   * Sets a new password by the mailed token and ends every session, for whoever had the old one may hold one.
   * @throws AppError `validation-failed` for a token that is wrong, used or expired, or a password that is guessed first
   */
  async reset({ token, password }: ResetPasswordRequest, client: Client): Promise<void> {
    const ref = readMailToken(config.AUTH_TOKEN_SECRET, 'reset-password', token);
    const stored = ref === undefined ? undefined : await this.mailTokens.findById(ref);
    const owner = stored === undefined ? undefined : await this.accounts.findById(stored.userId);
    if (ref === undefined || owner === undefined) throw linkIsOver();
    assertStrongEnough(password, owner);
    const passwordHash = await this.passwords.hash(password);
    await this.transactions.run(async (session) => {
      const now = new Date();
      const userId = await this.mailTokens.use(ref, 'reset-password', now, session);
      const account = userId === undefined ? undefined : await this.accounts.findById(userId, session);
      if (account === undefined) throw linkIsOver();
      await this.accounts.replace(resetPassword(account, passwordHash), session);
      await this.sessions.revokeAllOf(account._id, 'password-reset', now, session);
      await this.audit.record({ action: 'account.reset-password', actor: account._id, target: account._id, client }, session);
    });
    await this.users.forget(owner._id);
  }

  private async mailLink(email: string, client: Client, session: ClientSession): Promise<void> {
    const now = new Date();
    const account = await this.accounts.findByEmail(email, session);
    const target = account?._id ?? 'unknown';
    await this.audit.record({ action: 'account.forgot-password', actor: 'anonymous', target, client }, session);
    if (account === undefined) return;
    const newest = await this.mailTokens.findNewest(account._id, 'reset-password', session);
    if (newest !== undefined && newest.usedAt === undefined && now.getTime() - newest.createdAt.getTime() < secondMailAfterMs) return;
    const token = await this.mailTokens.issue('reset-password', account._id, now, session);
    const data = { userId: account._id, contact: { email, locale: account.locale }, tokenRef: token._id, expiresAt: token.expiresAt.toISOString() };
    await this.outbox.append(session, [createEvent(userPasswordResetRequested, { source: 'auth', subject: account._id, data })]);
  }
}

function linkIsOver(): AppError {
  return new AppError('validation-failed', {
    detail: 'This link is wrong, was used before or has expired. Ask for a new one.',
    errors: [{ pointer: '/token', message: 'is wrong, used or expired' }],
  });
}
