import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { trusted, type ClientSession } from '@shopfleet/mongo';
import type { Model } from 'mongoose';
import type { RevocationReason, Session } from './domain/session.ts';
import { sessionsCollection } from './sessions.schema.ts';

const open = { revokedAt: trusted({ $exists: false }) };

@Injectable()
export class SessionsRepository {
  constructor(@InjectModel(sessionsCollection) private readonly sessions: Model<Session>) {}

  async add(session: Session, transaction?: ClientSession): Promise<void> {
    await this.sessions.create([session], { ...(transaction && { session: transaction }) });
  }

  /** Whether this user has sessions, or had some in the last months, but none on this device. */
  async isNewDevice(userId: string, device: string): Promise<boolean> {
    if ((await this.sessions.exists({ userId, device })) !== null) return false;
    return (await this.sessions.exists({ userId })) !== null;
  }

  async findById(id: string): Promise<Session | undefined> {
    return (await this.sessions.findById(id).lean<Session>()) ?? undefined;
  }

  /** Those that can still be refreshed, last used first. */
  async findOpenByUser(userId: string, now: Date): Promise<Session[]> {
    return this.sessions
      .find({ userId, ...open, expiresAt: trusted({ $gt: now }) })
      .sort({ lastUsedAt: -1 })
      .limit(100)
      .lean<Session[]>();
  }

  /** Writes the next generation; false when another refresh of the same token was first or the session was revoked. */
  async advance({ _id, generation, rotatedAt, lastUsedAt, expiresAt }: Session): Promise<boolean> {
    const { modifiedCount } = await this.sessions.updateOne(
      { _id, generation: generation - 1, ...open },
      { $set: { generation, rotatedAt, lastUsedAt, expiresAt } },
    );
    return modifiedCount === 1;
  }

  /** Whether this call revoked it; false when it was over before. */
  async revoke(id: string, userId: string, reason: RevocationReason, now: Date): Promise<boolean> {
    const { modifiedCount } = await this.sessions.updateOne({ _id: id, userId, ...open }, { $set: { revokedAt: now, revokedReason: reason } });
    return modifiedCount === 1;
  }

  async revokeAllOf(userId: string, reason: RevocationReason, now: Date, session: ClientSession): Promise<void> {
    await this.sessions.updateMany({ userId, ...open }, { $set: { revokedAt: now, revokedReason: reason } }, { session });
  }

  /** Deletes them with the addresses and devices in them. */
  async removeAllOf(userId: string, session: ClientSession): Promise<void> {
    await this.sessions.deleteMany({ userId }, { session });
  }
}
