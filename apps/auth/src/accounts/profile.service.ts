import { Injectable } from '@nestjs/common';
import type { Principal } from '@shopfleet/identity';
import { AppError } from '@shopfleet/kernel';
import { Transactions } from '@shopfleet/mongo';
import { AccountsRepository } from './accounts.repository.ts';
import type { ChangeProfileRequest } from './accounts.requests.ts';
import { changeProfile, type Account } from './domain/account.ts';
import { assertVersion } from './if-match.ts';

@Injectable()
export class ProfileService {
  constructor(private readonly accounts: AccountsRepository, private readonly transactions: Transactions) {}

  /** @throws AppError `unauthenticated` when the account behind a token that still runs is gone */
  async profileOf({ userId }: Principal): Promise<Account> {
    return known(await this.accounts.findById(userId));
  }

  /** @throws AppError `precondition-failed` when `ifMatch` names another version than the present one */
  change({ userId }: Principal, request: ChangeProfileRequest, ifMatch: string | undefined): Promise<Account> {
    return this.transactions.run(async (session) => {
      const account = known(await this.accounts.findById(userId, session));
      if (ifMatch !== undefined) assertVersion(account, ifMatch);
      const changed = changeProfile(account, request);
      await this.accounts.replace(changed, session);
      return changed;
    });
  }
}

function known(account: Account | undefined): Account {
  if (account === undefined) throw new AppError('unauthenticated', { detail: 'This account no longer exists.' });
  return account;
}
