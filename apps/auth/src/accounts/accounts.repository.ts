import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Role } from '@shopfleet/identity';
import { AppError } from '@shopfleet/kernel';
import { trusted, type ClientSession } from '@shopfleet/mongo';
import type { Model } from 'mongoose';
import { accountsCollection } from './accounts.schema.ts';
import type { Account } from './domain/account.ts';

export interface AccountQuery {
  readonly emailPrefix?: string | undefined;
  readonly role?: Role | undefined;
  /** The last account of the page before. */
  readonly after?: { readonly createdAt: Date; readonly id: string } | undefined;
  readonly limit: number;
}

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

  /** Accounts newest first. */
  async findPage({ emailPrefix, role, after, limit }: AccountQuery): Promise<Account[]> {
    return this.accounts
      .find({
        // A range, not a pattern: it walks the index and no input can be read as an expression.
        ...(emailPrefix !== undefined && { email: trusted({ $gte: emailPrefix, $lt: `${emailPrefix}\u{10ffff}` }) }),
        ...(role !== undefined && { roles: role }),
        ...(after && { $or: [{ createdAt: trusted({ $lt: after.createdAt }) }, { createdAt: after.createdAt, _id: trusted({ $lt: after.id }) }] }),
      })
      .sort({ createdAt: -1, _id: -1 })
      .limit(limit)
      .lean<Account[]>();
  }

  /** @throws the driver's duplicate key error when the address is taken */
  async add(account: Account, session: ClientSession): Promise<void> {
    await this.accounts.create([account], { session });
  }

  /** Whether there was such an account. */
  async remove(id: string, session: ClientSession): Promise<boolean> {
    const { deletedCount } = await this.accounts.deleteOne({ _id: id }, { session });
    return deletedCount === 1;
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
