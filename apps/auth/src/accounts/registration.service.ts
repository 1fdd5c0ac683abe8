import { Injectable } from '@nestjs/common';
import { createEvent, userRegistered, userVerified } from '@shopfleet/contracts';
import { AppError } from '@shopfleet/kernel';
import { isDuplicateKey, Transactions, type ClientSession } from '@shopfleet/mongo';
import { Outbox } from '@shopfleet/outbox';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { Client } from '../client.ts';
import { config } from '../config.ts';
import { readMailToken } from '../tokens/mail-token.ts';
import { MailTokens } from '../tokens/mail-tokens.ts';
import { AccountsRepository } from './accounts.repository.ts';
import type { RegisterRequest } from './accounts.requests.ts';
import { confirmEmail, registerAccount, registerAgain, type Account, type Registration } from './domain/account.ts';
import { assertStrongEnough } from './domain/password-policy.ts';
import { noSoonerThan } from './even-timing.ts';
import { PasswordHasher } from './password-hasher.ts';
import { UserCache } from './user-cache.ts';

// Longer than a registration takes on an unloaded machine (a hash and a transaction).
const answerAfterMs = 120;
// Whoever registers an address again and again makes us mail its owner at most this often.
const secondMailAfterMs = 60_000;

@Injectable()
export class RegistrationService {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly passwords: PasswordHasher,
    private readonly mailTokens: MailTokens,
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly users: UserCache,
  ) {}

  /**
   * Registers a customer and has the verification mail sent. Does the same, as far as the caller can tell, when the
   * address has an account already.
   * @throws AppError `validation-failed` for a password that is guessed first
   */
  async register(request: RegisterRequest, client: Client): Promise<void> {
    assertStrongEnough(request.password, request);
    await noSoonerThan(answerAfterMs, this.registerOrNot(request, client));
  }

  /**
   * Verifies an address by the mailed token. Following the link a second time is no error.
   * @throws AppError `validation-failed` for a token that is not ours, used for something else, or expired
   */
  async verifyEmail(token: string, client: Client): Promise<Account> {
    const ref = readMailToken(config.AUTH_TOKEN_SECRET, 'verify-email', token);
    if (ref === undefined) throw linkIsOver();
    const account = await this.transactions.run((session) => this.confirmOnce(ref, client, session));
    if (account === undefined) return this.verifiedBefore(ref);
    await this.users.forget(account._id);
    return account;
  }

  private async registerOrNot({ email, name, locale, password }: RegisterRequest, client: Client): Promise<void> {
    const registration = { email, name, locale, passwordHash: await this.passwords.hash(password) };
    try {
      await this.transactions.run((session) => this.record(registration, client, session));
    } catch (error) {
      // Two registrations of one address at the same moment: the other one has sent the mail.
      if (!isDuplicateKey(error)) throw error;
    }
  }

  private async record(registration: Registration, client: Client, session: ClientSession): Promise<void> {
    const now = new Date();
    const existing = await this.accounts.findByEmail(registration.email, session);
    if (existing === undefined) {
      const account = registerAccount(registration, now);
      await this.accounts.add(account, session);
      await this.announce(account, now, client, session);
      return;
    }
    if (existing.emailVerified || (await this.wasMailedLately(existing, now, session))) {
      await this.audit.record({ action: 'account.register-existing', actor: 'anonymous', target: existing._id, client }, session);
      return;
    }
    const account = registerAgain(existing, registration);
    await this.accounts.replace(account, session);
    await this.announce(account, now, client, session);
  }

  private async wasMailedLately(account: Account, now: Date, session: ClientSession): Promise<boolean> {
    const newest = await this.mailTokens.findNewest(account._id, 'verify-email', session);
    return newest !== undefined && now.getTime() - newest.createdAt.getTime() < secondMailAfterMs;
  }

  private async announce({ _id, email, locale, name }: Account, now: Date, client: Client, session: ClientSession): Promise<void> {
    const token = await this.mailTokens.issue('verify-email', _id, now, session);
    const data = { userId: _id, contact: { email, locale }, name, tokenRef: token._id };
    await this.outbox.append(session, [createEvent(userRegistered, { source: 'auth', subject: _id, data })]);
    await this.audit.record({ action: 'account.register', actor: 'anonymous', target: _id, client }, session);
  }

  private async confirmOnce(ref: string, client: Client, session: ClientSession): Promise<Account | undefined> {
    const userId = await this.mailTokens.use(ref, 'verify-email', new Date(), session);
    const account = userId === undefined ? undefined : await this.accounts.findById(userId, session);
    if (account === undefined || account.emailVerified) return account;
    const verified = confirmEmail(account);
    await this.accounts.replace(verified, session);
    const { _id, email, locale, name } = verified;
    await this.outbox.append(session, [createEvent(userVerified, { source: 'auth', subject: _id, data: { userId: _id, contact: { email, locale }, name } })]);
    await this.audit.record({ action: 'account.verify-email', actor: _id, target: _id, client }, session);
    return verified;
  }

  // Mail scanners follow links before people do, and people click twice.
  private async verifiedBefore(ref: string): Promise<Account> {
    const token = await this.mailTokens.findById(ref);
    const account = token?.usedAt === undefined ? undefined : await this.accounts.findById(token.userId);
    if (account?.emailVerified !== true) throw linkIsOver();
    return account;
  }
}

function linkIsOver(): AppError {
  return new AppError('validation-failed', {
    detail: 'This link is wrong or has expired. Register again with the same address to get a new mail.',
    errors: [{ pointer: '/token', message: 'is wrong or has expired' }],
  });
}
