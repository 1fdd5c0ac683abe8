import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { trusted, type ClientSession } from '@shopfleet/mongo';
import type { Model } from 'mongoose';
import { MAIL_MODEL, type Mail } from './mail.schema.ts';

// Longer than asking for a token and the SMTP time-outs together (smtp.sender.ts), so that two workers do not send one
// mail at the same time; it is also how long a mail waits whose worker was killed while it sent it.
const claimMs = 30_000;
// The queue's own three tries take 6 s; the sweeper comes after them, and soon enough when a mail server is back.
const firstRoundMs = 15_000;
const longestRoundMs = 60_000;

/** When the sweeper should look at a mail again that it has looked at `round` times. */
export function nextRoundAt(round: number, now: Date): Date {
  return new Date(now.getTime() + Math.min(firstRoundMs * 2 ** round, longestRoundMs));
}

@Injectable()
export class MailsRepository {
  constructor(@InjectModel(MAIL_MODEL) private readonly mails: Model<Mail>) {}

  /** Records a mail that is to be sent, in the transaction of its event; a second one of the same id is none. */
  async record({ _id, ...mail }: Mail, session: ClientSession): Promise<void> {
    await this.mails.updateOne({ _id }, { $setOnInsert: mail }, { upsert: true, session });
  }

  /** Takes a pending mail for sending; undefined when it is done or another worker has it. */
  async claim(id: string, now: Date): Promise<Mail | undefined> {
    const claimed = await this.mails
      .findOneAndUpdate(
        { _id: id, state: 'pending', claimedUntil: trusted({ $lte: now }) },
        { $set: { claimedUntil: new Date(now.getTime() + claimMs) }, $inc: { attempts: 1 } },
        { returnDocument: 'after' },
      )
      .lean<Mail>();
    return claimed ?? undefined;
  }

  async markSent(id: string, now: Date): Promise<void> {
    await this.mails.updateOne({ _id: id, state: 'pending' }, { $set: { state: 'sent', sentAt: now }, $unset: { lastError: 1 } });
  }

  /** Lets another try take it. */
  async release(id: string, error: string): Promise<void> {
    await this.mails.updateOne({ _id: id, state: 'pending' }, { $set: { claimedUntil: new Date(0), lastError: error } });
  }

  /** Resolves false when the mail was no longer pending. */
  async markFailed(id: string, error: string, session: ClientSession): Promise<boolean> {
    const { modifiedCount } = await this.mails.updateOne({ _id: id, state: 'pending' }, { $set: { state: 'failed', lastError: error } }, { session });
    return modifiedCount === 1;
  }

  /** Pending mails that the queue has not dealt with in time, each moved to its next round; at most `limit`. */
  async takeOverdue(limit: number, now: Date): Promise<{ id: string; round: number }[]> {
    const overdue = await this.mails
      .find({ state: 'pending', nextRoundAt: trusted({ $lte: now }), claimedUntil: trusted({ $lte: now }) }, { round: 1 })
      .sort({ nextRoundAt: 1 })
      .limit(limit)
      .lean<{ _id: string; round: number }[]>();
    if (overdue.length === 0) return [];
    await this.mails.bulkWrite(
      overdue.map(({ _id, round }) => ({
        updateOne: { filter: { _id, round }, update: { $set: { round: round + 1, nextRoundAt: nextRoundAt(round + 1, now) } } },
      })),
      { ordered: false },
    );
    return overdue.map(({ _id, round }) => ({ id: _id, round: round + 1 }));
  }

  /** Forgets everything written to a person. */
  async eraseOf(userId: string, session: ClientSession): Promise<void> {
    await this.mails.deleteMany({ userId }, { session });
  }
}
