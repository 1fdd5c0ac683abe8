import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { newId } from '@shopfleet/kernel';
import { trusted, type ClientSession } from '@shopfleet/mongo';
import type { Model } from 'mongoose';
import { mailTokenLifetimeMs, type MailToken, type MailTokenPurpose } from './mail-token.ts';
import { mailTokensCollection } from './mail-tokens.schema.ts';

const notUsed = trusted({ $exists: false });

/** References of mailed tokens: issued, looked up when the mail is written, used once. */
@Injectable()
export class MailTokens {
  constructor(@InjectModel(mailTokensCollection) private readonly tokens: Model<MailToken>) {}

  /** A new reference; earlier ones of the same purpose stop working, so that only the newest mail counts. */
  async issue(purpose: MailTokenPurpose, userId: string, now: Date, session: ClientSession): Promise<MailToken> {
    await this.tokens.updateMany({ userId, purpose, usedAt: notUsed }, { $set: { usedAt: now } }, { session });
    const token = { _id: newId('mal'), purpose, userId, createdAt: now, expiresAt: new Date(now.getTime() + mailTokenLifetimeMs[purpose]) };
    await this.tokens.create([token], { session });
    return token;
  }

  /** Marks a reference as used and tells whose it was; undefined when it is unknown, used or expired. */
  async use(ref: string, purpose: MailTokenPurpose, now: Date, session: ClientSession): Promise<string | undefined> {
    const used = await this.tokens
      .findOneAndUpdate({ _id: ref, purpose, usedAt: notUsed, expiresAt: trusted({ $gt: now }) }, { $set: { usedAt: now } }, { session })
      .lean<MailToken>();
    return used?.userId;
  }

  async findById(ref: string): Promise<MailToken | undefined> {
    return (await this.tokens.findById(ref).lean<MailToken>()) ?? undefined;
  }

  /** The newest reference for somebody, used or not. */
  async findNewest(userId: string, purpose: MailTokenPurpose, session: ClientSession): Promise<MailToken | undefined> {
    return (await this.tokens.findOne({ userId, purpose }, null, { session }).sort({ createdAt: -1 }).lean<MailToken>()) ?? undefined;
  }
}
