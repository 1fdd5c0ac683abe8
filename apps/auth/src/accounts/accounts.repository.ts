import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { AppError } from '@shopfleet/kernel';
import type { ClientSession } from '@shopfleet/mongo';
import type { Model } from 'mongoose';
import { accountsCollection } from './accounts.schema.ts';
import type { Account } from './domain/account.ts';

@Injectable()
export class AccountsRepository {
  constructor(@InjectModel(accountsCollection) private readonly accounts: Model<Account>) {}

  async findById(id: string, session?: ClientSession): Promise<Account | undefined> {
    return (await this.accounts.findById(id, null, { ...(session && { session }) }).lean<Account>()) ?? undefined;
  }

  /** @param email normalised */
  async findByEmail(email: string, session?: ClientSession): Promise<Account | undefined> {
    return (await this.accounts.findOne({ email }, null, { ...(session && { session }) }).lean<Account>()) ?? undefined;
  }

  /** @throws the driver's duplicate key error when the address is taken */
  async add(account: Account, session: ClientSession): Promise<void> {
    await this.accounts.create([account], { session });
  }

  /**
   * Writes the next version of an account.
   * @throws AppError `conflict` when somebody else has written that version first
   */
  async replace(account: Account, session: ClientSession): Promise<void> {
    const { matchedCount } = await this.accounts.replaceOne({ _id: account._id, version: account.version - 1 }, account, { session });
    if (matchedCount === 0) throw new AppError('conflict', { detail: 'The account was changed at the same moment; try again.' });
  }
}
