import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { trusted, type ClientSession } from '@shopfleet/mongo';
import type { Model } from 'mongoose';
import { COUNTER_MODEL, NOTIFICATION_MODEL, type Audience, type AudienceCounter, type Notification } from './notification.schema.ts';

/** A notification whose number within its audience is not known yet. */
export type NewNotification = Omit<Notification, 'seq'>;

/** The reader of a list: their own notifications and those of their roles. */
export interface Reader {
  readonly userId: string;
  readonly audiences: readonly Audience[];
}

// A count beyond this tells a person nothing more, and counting on would cost more with each one.
const countedAtMost = 100;

@Injectable()
export class NotificationsRepository {
  constructor(
    @InjectModel(NOTIFICATION_MODEL) private readonly notifications: Model<Notification>,
    @InjectModel(COUNTER_MODEL) private readonly counters: Model<AudienceCounter>,
  ) {}

  /**
   * Records notifications in the transaction of their events, each as the next of its audience; a second one of the same
   * event for the same audience is none. Resolves with what stands there now, in their order.
   */
  async recordAll(notifications: readonly NewNotification[], session: ClientSession): Promise<Notification[]> {
    if (notifications.length === 0) return [];
    const more = new Map<Audience, number>();
    for (const { audience } of notifications) more.set(audience, (more.get(audience) ?? 0) + 1);
    await this.counters.bulkWrite(
      [...more].map(([_id, count]) => ({ updateOne: { filter: { _id }, update: { $inc: { seq: count } }, upsert: true } })),
      { session, ordered: false },
    );
    const last = await this.lastSeqOf([...more.keys()], session);
    const recorded = notifications.map((notification): Notification => {
      const { audience } = notification;
      const left = (more.get(audience) ?? 1) - 1;
      more.set(audience, left);
      return { ...notification, seq: (last.get(audience) ?? 1) - left };
    });
    await this.notifications.bulkWrite(
      recorded.map(({ eventId, audience, ...rest }) => ({ updateOne: { filter: { eventId, audience }, update: { $setOnInsert: rest }, upsert: true } })),
      { session, ordered: false },
    );
    return recorded;
  }

  /** The last number of each of these audiences; one that nobody was told anything is missing. */
  async lastSeqOf(audiences: readonly Audience[], session?: ClientSession): Promise<Map<Audience, number>> {
    const found = await this.counters.find({ _id: trusted({ $in: [...audiences] }) }, undefined, session === undefined ? {} : { session }).lean<AudienceCounter[]>();
    return new Map(found.map(({ _id, seq }) => [_id, seq]));
  }

  /** What came after a number, in order; at most `limit`. */
  async findAfter(audience: Audience, seq: number, limit: number): Promise<Notification[]> {
    return await this.notifications.find({ audience, seq: trusted({ $gt: seq }) }).sort({ seq: 1 }).limit(limit).lean<Notification[]>();
  }

  /** Newest first, those older than the notification `after`. */
  async findPageOf(reader: Reader, page: { after?: string; limit: number; unreadOnly: boolean }): Promise<Notification[]> {
    return await this.notifications
      .find({
        audience: among(reader),
        ...(page.after !== undefined && { _id: trusted({ $lt: page.after }) }),
        ...(page.unreadOnly && unreadBy(reader)),
      })
      .sort({ _id: -1 })
      .limit(page.limit)
      .lean<Notification[]>();
  }

  /** How many the reader has not read; 100 stands for any number from there on. */
  async countUnreadOf(reader: Reader): Promise<number> {
    return await this.notifications.countDocuments({ audience: among(reader), ...unreadBy(reader) }).limit(countedAtMost);
  }

  /** Undefined when it is in none of the reader's lists. */
  async markRead(id: string, reader: Reader): Promise<Notification | undefined> {
    const own = await this.notifications
      .findOneAndUpdate({ _id: id, audience: `user:${reader.userId}` }, { $set: { unread: false } }, { returnDocument: 'after' })
      .lean<Notification>();
    if (own !== null) return own;
    const ofRole = await this.notifications
      .findOneAndUpdate({ _id: id, audience: among(reader) }, { $addToSet: { readBy: reader.userId } }, { returnDocument: 'after' })
      .lean<Notification>();
    return ofRole ?? undefined;
  }

  /** Forgets a person's list. */
  async eraseOf(userId: string, session: ClientSession): Promise<void> {
    await this.notifications.deleteMany({ audience: `user:${userId}` }, { session });
    await this.counters.deleteMany({ _id: `user:${userId}` }, { session });
  }
}

const among = (reader: Reader) => trusted({ $in: [...reader.audiences] });
const unreadBy = (reader: Reader) => ({ unread: true, readBy: trusted({ $ne: reader.userId }) });
