import { Injectable } from '@nestjs/common';
import type { Principal } from '@shopfleet/identity';
import { AppError } from '@shopfleet/kernel';
import { Transactions } from '@shopfleet/mongo';
import { AccountsRepository } from './accounts.repository.ts';
import { presentUser } from './accounts.presenter.ts';
import type { ChangeProfileRequest, User } from './accounts.requests.ts';
import { changeProfile, type Account } from './domain/account.ts';
import { assertVersion } from './if-match.ts';
import { UserCache } from './user-cache.ts';

@Injectable()
export class ProfileService {
  constructor(private readonly accounts: AccountsRepository, private readonly transactions: Transactions, private readonly users: UserCache) {}

  /** @throws AppError `unauthenticated` when the account behind a token that still runs is gone */
  profileOf({ userId }: Principal): Promise<User> {
    return this.users.read(userId, async () => presentUser(known(await this.accounts.findById(userId))));
  }

  /** @throws AppError `precondition-failed` when `ifMatch` names another version than the present one */
  async change({ userId }: Principal, request: ChangeProfileRequest, ifMatch: string | undefined): Promise<User> {
    const account = await this.transactions.run(async (session) => {
      const account = known(await this.accounts.findById(userId, session));
      if (ifMatch !== undefined) assertVersion(account, ifMatch);
      const changed = changeProfile(account, request);
      await this.accounts.replace(changed, session);
      return changed;
    });
    await this.users.forget(userId);
    return presentUser(account);
  }
}

function known(account: Account | undefined): Account {
  if (account === undefined) throw new AppError('unauthenticated', { detail: 'This account no longer exists.' });
  return account;
}
