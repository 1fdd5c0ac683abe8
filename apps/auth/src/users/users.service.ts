import { Injectable } from '@nestjs/common';
import { mayActAs, type Principal, type Role } from '@shopfleet/identity';
import { AppError } from '@shopfleet/kernel';
import { Transactions } from '@shopfleet/mongo';
import { AccountsRepository, type AccountQuery } from '../accounts/accounts.repository.ts';
import { changeRoles, type Account } from '../accounts/domain/account.ts';
import { assertVersion } from '../accounts/if-match.ts';
import { UserCache } from '../accounts/user-cache.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { Client } from '../client.ts';

/** What admins do with accounts. */
@Injectable()
export class UsersService {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
    private readonly users: UserCache,
  ) {}

  findPage(query: AccountQuery): Promise<Account[]> {
    return this.accounts.findPage(query);
  }

  /** @throws AppError `not-found` */
  async find(userId: string): Promise<Account> {
    return existing(await this.accounts.findById(userId), userId);
  }

  /**
   * Gives an account other roles; they take effect with its next access token, at most 15 minutes later.
   * @throws AppError `forbidden` for whoever would give, or change somebody with, a role that is not below their own
   */
  async changeRoles(userId: string, roles: readonly Role[], ifMatch: string, admin: Principal, client: Client): Promise<Account> {
    const changed = await this.transactions.run(async (session) => {
      const account = existing(await this.accounts.findById(userId, session), userId);
      assertVersion(account, ifMatch);
      assertMayManage(admin, account.roles);
      assertMayManage(admin, roles);
      const next = changeRoles(account, roles);
      await this.accounts.replace(next, session);
      const difference = { roles: { old: account.roles, new: roles } };
      await this.audit.record({ action: 'user.role-change', actor: admin.userId, actorRoles: admin.roles, target: userId, difference, client }, session);
      return next;
    });
    await this.users.forget(userId);
    return changed;
  }
}

function existing(account: Account | undefined, userId: string): Account {
  if (account === undefined) throw new AppError('not-found', { detail: `There is no user ${userId}.` });
  return account;
}

// Admins manage everybody below them; only a super admin makes and unmakes admins.
function assertMayManage(admin: Principal, roles: readonly Role[]): void {
  if (mayActAs(admin.roles, ['super-admin'])) return;
  if (roles.some((role) => mayActAs([role], ['admin']))) throw new AppError('forbidden', { detail: 'Only a super admin may give or take the role admin or super-admin.' });
}
