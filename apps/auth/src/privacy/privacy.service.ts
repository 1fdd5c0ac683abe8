import { Injectable } from '@nestjs/common';
import { createEvent, userErased } from '@shopfleet/contracts';
import type { Principal } from '@shopfleet/identity';
import { AppError } from '@shopfleet/kernel';
import { Transactions } from '@shopfleet/mongo';
import { Outbox } from '@shopfleet/outbox';
import { AccountsRepository } from '../accounts/accounts.repository.ts';
import type { Account } from '../accounts/domain/account.ts';
import { PasswordHasher } from '../accounts/password-hasher.ts';
import { UserCache } from '../accounts/user-cache.ts';
import type { SavedAddress } from '../addresses/address.ts';
import { AddressesRepository } from '../addresses/addresses.repository.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { Client } from '../client.ts';
import type { Session } from '../sessions/domain/session.ts';
import { LoginAttempts } from '../sessions/login-attempts.ts';
import { SessionsRepository } from '../sessions/sessions.repository.ts';

/** All that this service knows about somebody. */
export interface PersonalData {
  readonly account: Account;
  readonly addresses: readonly SavedAddress[];
  readonly sessions: readonly Session[];
}

/** What somebody may demand about their data: to see it, and to have it forgotten. */
@Injectable()
export class PrivacyService {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly addresses: AddressesRepository,
    private readonly sessions: SessionsRepository,
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly users: UserCache,
    private readonly passwords: PasswordHasher,
    private readonly attempts: LoginAttempts,
  ) {}

  async personalDataOf({ userId }: Principal): Promise<PersonalData> {
    const account = await this.accounts.findById(userId);
    if (account === undefined) throw gone();
    return { account, addresses: await this.addresses.findByUser(userId), sessions: await this.sessions.findOpenByUser(userId, new Date()) };
  }

  /**
   * Deletes the account and what belongs to it, and tells the other services to do the same. The audit trail keeps the
   * user's id, which then names nobody.
   * @throws AppError `forbidden` when the password is wrong, which counts as a failed login; `rate-limited` after too many
   */
  async erase({ userId, roles }: Principal, password: string, client: Client): Promise<void> {
    const account = await this.accounts.findById(userId);
    if (account === undefined) throw gone();
    const known = await this.attempts.guard(account.email, account, client, () => this.passwords.matches(password, account.passwordHash));
    if (!known) throw new AppError('forbidden', { detail: 'The password is wrong. Type it once more; the account is deleted only with it.' });
    await this.transactions.run(async (session) => {
      if (!(await this.accounts.remove(userId, session))) throw gone();
      await this.addresses.removeAllOf(userId, session);
      await this.sessions.removeAllOf(userId, session);
      await this.outbox.append(session, [createEvent(userErased, { source: 'auth', subject: userId, data: { userId } })]);
      await this.audit.record({ action: 'account.erase', actor: userId, actorRoles: roles, target: userId, client }, session);
    });
    await this.users.forget(userId);
  }
}

function gone(): AppError {
  return new AppError('unauthenticated', { detail: 'This account no longer exists.' });
}
