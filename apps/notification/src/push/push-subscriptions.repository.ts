import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { trusted, type ClientSession } from '@shopfleet/mongo';
import type { Model } from 'mongoose';
import { PUSH_SUBSCRIPTION_MODEL, type PushSubscriptionRow } from './push-subscription.schema.ts';

@Injectable()
export class PushSubscriptionsRepository {
  constructor(@InjectModel(PUSH_SUBSCRIPTION_MODEL) private readonly subscriptions: Model<PushSubscriptionRow>) {}

  /** Adds a browser, or gives a known one its new keys. */
  async save(userId: string, endpoint: string, keys: PushSubscriptionRow['keys']): Promise<PushSubscriptionRow> {
    const _id = `psb_${createHash('sha256').update(`${userId}\n${endpoint}`).digest('hex').slice(0, 32)}`;
    const row = await this.subscriptions
      .findOneAndUpdate({ _id }, { $set: { keys }, $setOnInsert: { userId, endpoint, createdAt: new Date() } }, { upsert: true, returnDocument: 'after' })
      .lean<PushSubscriptionRow>();
    if (row === null) throw new Error('the subscription was removed at the same moment');
    return row;
  }

  async findAllOf(userIds: readonly string[], session?: ClientSession): Promise<PushSubscriptionRow[]> {
    return await this.subscriptions.find({ userId: trusted({ $in: [...userIds] }) }, undefined, session === undefined ? {} : { session }).sort({ _id: 1 }).lean<PushSubscriptionRow[]>();
  }

  async find(id: string): Promise<PushSubscriptionRow | undefined> {
    return (await this.subscriptions.findById(id).lean<PushSubscriptionRow>()) ?? undefined;
  }

  /** Resolves false when the user has none of that id. */
  async remove(id: string, userId: string): Promise<boolean> {
    const { deletedCount } = await this.subscriptions.deleteOne({ _id: id, userId });
    return deletedCount === 1;
  }

  async eraseOf(userId: string, session: ClientSession): Promise<void> {
    await this.subscriptions.deleteMany({ userId }, { session });
  }
}
