import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { trusted, type ClientSession } from '@shopfleet/mongo';
import type { Model } from 'mongoose';
import { triedForMs } from './back-off.ts';
import { DELIVERY_MODEL, type Delivery, type DeliveryChannelName, type DeliveryTry } from './delivery.schema.ts';

export interface NewDelivery extends Pick<Delivery, '_id' | 'channel' | 'target' | 'owner' | 'kind' | 'body'> {
  /** After so long it is of no use any more. Default: a day. */
  readonly usefulForMs?: number;
}

// Longer than the time-outs of a request together: no two workers send one delivery at the same time.
const claimMs = 30_000;
// When the sweeper looks again at what it has put into the queue.
const lookAgainMs = 60_000;
const keptForMs = 30 * 24 * 3_600_000;
const triesKept = 10;

@Injectable()
export class DeliveriesRepository {
  constructor(@InjectModel(DELIVERY_MODEL) private readonly deliveries: Model<Delivery>) {}

  /** Records deliveries in the transaction of their cause; a second one of the same id is none. */
  async recordAll(deliveries: readonly NewDelivery[], session: ClientSession): Promise<void> {
    if (deliveries.length === 0) return;
    const now = new Date();
    const rows = deliveries.map(({ _id, usefulForMs = triedForMs, ...delivery }) => {
      const row: Omit<Delivery, '_id'> = {
        ...delivery,
        state: 'pending',
        attempts: 0,
        round: 0,
        nextAttemptAt: new Date(now.getTime() + lookAgainMs),
        claimedUntil: new Date(0),
        tries: [],
        createdAt: now,
        giveUpAt: new Date(now.getTime() + usefulForMs),
        expiresAt: new Date(now.getTime() + keptForMs),
      };
      return { updateOne: { filter: { _id }, update: { $setOnInsert: row }, upsert: true } };
    });
    await this.deliveries.bulkWrite(rows, { session, ordered: false });
  }

  /** Takes a pending delivery for a try; undefined when it is done or another worker has it. */
  async claim(id: string, now: Date): Promise<Delivery | undefined> {
    const claimed = await this.deliveries
      .findOneAndUpdate({ _id: id, state: 'pending', claimedUntil: trusted({ $lte: now }) }, { $set: { claimedUntil: new Date(now.getTime() + claimMs) } }, { returnDocument: 'after' })
      .lean<Delivery>();
    return claimed ?? undefined;
  }

  async markDelivered(id: string, tried: DeliveryTry): Promise<void> {
    await this.deliveries.updateOne({ _id: id, state: 'pending' }, { $set: { state: 'delivered', deliveredAt: new Date() }, $inc: { attempts: 1 }, $push: pushed(tried) });
  }

  /** Resolves false when it was no longer pending. */
  async markFailed(id: string, tried: DeliveryTry, session: ClientSession): Promise<boolean> {
    const { modifiedCount } = await this.deliveries.updateOne({ _id: id, state: 'pending' }, { $set: { state: 'failed' }, $inc: { attempts: 1 }, $push: pushed(tried) }, { session });
    return modifiedCount === 1;
  }

  async retryAt(id: string, at: Date, tried: DeliveryTry): Promise<void> {
    await this.deliveries.updateOne({ _id: id, state: 'pending' }, { $set: { claimedUntil: new Date(0), nextAttemptAt: at }, $inc: { attempts: 1 }, $push: pushed(tried) });
  }

  /** Gives it back untried. */
  async postpone(id: string, until: Date): Promise<void> {
    await this.deliveries.updateOne({ _id: id, state: 'pending' }, { $set: { claimedUntil: new Date(0), nextAttemptAt: until } });
  }

  /** Pending deliveries of a channel whose time has come, each moved to its next round; at most `limit`. */
  async takeDue(channel: DeliveryChannelName, limit: number, now: Date): Promise<{ id: string; round: number }[]> {
    const due = await this.deliveries
      .find({ channel, state: 'pending', nextAttemptAt: trusted({ $lte: now }), claimedUntil: trusted({ $lte: now }) }, { round: 1 })
      .sort({ nextAttemptAt: 1 })
      .limit(limit)
      .lean<{ _id: string; round: number }[]>();
    if (due.length === 0) return [];
    const nextAttemptAt = new Date(now.getTime() + lookAgainMs);
    await this.deliveries.bulkWrite(
      due.map(({ _id, round }) => ({ updateOne: { filter: { _id, round }, update: { $set: { round: round + 1, nextAttemptAt } } } })),
      { ordered: false },
    );
    return due.map(({ _id, round }) => ({ id: _id, round: round + 1 }));
  }

  /** Of one owner, newest first, those that follow on `after`: several endpoints get their deliveries in one instant. */
  async findPageOf(owner: string, page: { target?: string | undefined; after?: { createdAt: Date; id: string } | undefined; limit: number }): Promise<Delivery[]> {
    const { target, after, limit } = page;
    const follows = after && { $or: [{ createdAt: trusted({ $lt: after.createdAt }) }, { createdAt: after.createdAt, _id: trusted({ $lt: after.id }) }] };
    return await this.deliveries
      .find({ owner, ...(target !== undefined && { target }), ...follows })
      .sort({ createdAt: -1, _id: -1 })
      .limit(limit)
      .lean<Delivery[]>();
  }

  /** Begins anew with one that was delivered or given up; undefined when the owner has none of that id. */
  async restart(id: string, owner: string): Promise<Delivery | undefined> {
    const now = new Date();
    const again = await this.deliveries
      .findOneAndUpdate(
        { _id: id, owner },
        { $set: { state: 'pending', nextAttemptAt: now, giveUpAt: new Date(now.getTime() + triedForMs), claimedUntil: new Date(0) }, $inc: { round: 1 }, $unset: { deliveredAt: 1 } },
        { returnDocument: 'after' },
      )
      .lean<Delivery>();
    return again ?? undefined;
  }

  async eraseOf(owner: string, session: ClientSession): Promise<void> {
    await this.deliveries.deleteMany({ owner }, { session });
  }

  /** What waits for an endpoint that was removed. */
  async dropPendingOf(target: string): Promise<void> {
    await this.deliveries.deleteMany({ target, state: 'pending' });
  }
}

const pushed = (tried: DeliveryTry) => ({ tries: { $each: [tried], $slice: -triesKept } });
