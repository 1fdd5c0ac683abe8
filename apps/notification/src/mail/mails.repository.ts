import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { randomUUID } from 'node:crypto';
import { Gathered, trusted, type ClientSession } from '@shopfleet/mongo';
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
  // What comes while a round is under way is company enough: a connection to the mail server waits for each.
  private readonly claims = new Gathered((ids: readonly string[]) => this.claimAll(ids), { lingerMs: 0 });
  private readonly marks = new Gathered((ids: readonly string[]) => this.markAllSent(ids), { lingerMs: 0 });

  constructor(@InjectModel(MAIL_MODEL) private readonly mails: Model<Mail>) {}

  /** Records mails that are to be sent, in the transaction of their events; a second one of the same id is none. */
  async recordAll(mails: readonly Mail[], session: ClientSession): Promise<void> {
    if (mails.length === 0) return;
    await this.mails.bulkWrite(
      mails.map(({ _id, ...mail }) => ({ updateOne: { filter: { _id }, update: { $setOnInsert: mail }, upsert: true } })),
      { session, ordered: false },
    );
  }

  /** Takes a pending mail for sending; undefined when it is done or another worker has it. */
  async claim(id: string): Promise<Mail | undefined> {
    return this.claims.run(id);
  }

  async markSent(id: string): Promise<void> {
    await this.marks.run(id);
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

  // A claim that dies with the database may have been one: its mail is then sent twice, with the same Message-ID.
  private async claimAll(ids: readonly string[]): Promise<(Mail | undefined)[]> {
    const now = new Date();
    const claim = randomUUID();
    await this.mails.updateMany(
      { _id: trusted({ $in: [...ids] }), state: 'pending', claimedUntil: trusted({ $lte: now }) },
      { $set: { claimedUntil: new Date(now.getTime() + claimMs), claim }, $inc: { attempts: 1 } },
      { writeConcern: { w: 1, journal: false } },
    );
    const claimed = await this.mails.find({ _id: trusted({ $in: [...ids] }), claim }).read('primary').readConcern('local').lean<Mail[]>();
    const byId = new Map(claimed.map((mail) => [mail._id, mail]));
    return ids.map((id) => {
      const mail = byId.get(id);
      // Asked for twice in one round: one of the two gets it.
      byId.delete(id);
      return mail;
    });
  }

  private async markAllSent(ids: readonly string[]): Promise<void[]> {
    await this.mails.updateMany({ _id: trusted({ $in: [...ids] }), state: 'pending' }, { $set: { state: 'sent', sentAt: new Date() }, $unset: { lastError: 1, claim: 1 } });
    return [];
  }

  /** Forgets everything written to a person. */
  async eraseOf(userId: string, session: ClientSession): Promise<void> {
    await this.mails.deleteMany({ userId }, { session });
  }
}
