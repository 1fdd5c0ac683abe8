import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { trusted, type ClientSession } from '@shopfleet/mongo';
import { Schema, type Model } from 'mongoose';
import type { Channel } from './channels.ts';

/** What a person chose, by kind and channel; what is absent follows the kind's default. */
export type Choices = Readonly<Record<string, Readonly<Partial<Record<Channel, boolean>>>>>;

export interface Preferences {
  /** The user. */
  readonly _id: string;
  readonly choices: Choices;
  readonly updatedAt: Date;
}

export const PREFERENCES_MODEL = 'Preferences';

export const preferencesSchema = new Schema<Preferences>(
  { _id: { type: String, required: true }, choices: { type: Schema.Types.Mixed, required: true }, updatedAt: { type: Date, required: true } },
  { collection: 'preferences', versionKey: false, minimize: false },
);

@Injectable()
export class PreferencesRepository {
  constructor(@InjectModel(PREFERENCES_MODEL) private readonly preferences: Model<Preferences>) {}

  /** What each of these people chose; who chose nothing is missing. */
  async choicesOf(userIds: readonly string[], session?: ClientSession): Promise<Map<string, Choices>> {
    if (userIds.length === 0) return new Map();
    const found = await this.preferences.find({ _id: trusted({ $in: [...userIds] }) }, undefined, session === undefined ? {} : { session }).lean<Preferences[]>();
    return new Map(found.map(({ _id, choices }) => [_id, choices]));
  }

  async replace(userId: string, choices: Choices): Promise<void> {
    await this.preferences.updateOne({ _id: userId }, { $set: { choices, updatedAt: new Date() } }, { upsert: true });
  }

  async eraseOf(userId: string, session: ClientSession): Promise<void> {
    await this.preferences.deleteOne({ _id: userId }, { session });
  }
}
