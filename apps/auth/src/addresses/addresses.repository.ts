import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { ClientSession } from '@shopfleet/mongo';
import type { Model } from 'mongoose';
import { addressesAtMost, type SavedAddress } from './address.ts';
import { addressesCollection } from './addresses.schema.ts';

/** Every question names the owner: somebody else's address is never found. */
@Injectable()
export class AddressesRepository {
  constructor(@InjectModel(addressesCollection) private readonly addresses: Model<SavedAddress>) {}

  async findByUser(userId: string): Promise<SavedAddress[]> {
    return this.addresses.find({ userId }).sort({ createdAt: 1 }).limit(addressesAtMost).lean<SavedAddress[]>();
  }

  async findOwn(userId: string, id: string): Promise<SavedAddress | undefined> {
    return (await this.addresses.findOne({ _id: id, userId }).lean<SavedAddress>()) ?? undefined;
  }

  countByUser(userId: string): Promise<number> {
    return this.addresses.countDocuments({ userId });
  }

  async add(address: SavedAddress): Promise<void> {
    await this.addresses.create([address]);
  }

  /** Writes the next version; false when somebody else has written it first. */
  async replace(address: SavedAddress): Promise<boolean> {
    const { matchedCount } = await this.addresses.replaceOne({ _id: address._id, userId: address.userId, version: address.version - 1 }, address);
    return matchedCount === 1;
  }

  /** Deletes one version; false when it has been changed or deleted meanwhile. */
  async remove({ _id, userId, version }: SavedAddress): Promise<boolean> {
    const { deletedCount } = await this.addresses.deleteOne({ _id, userId, version });
    return deletedCount === 1;
  }

  async removeAllOf(userId: string, session: ClientSession): Promise<void> {
    await this.addresses.deleteMany({ userId }, { session });
  }
}
