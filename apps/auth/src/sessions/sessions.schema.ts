import { Schema } from 'mongoose';
import type { Session } from './domain/session.ts';

export const sessionsCollection = 'sessions';

export const sessionSchema = new Schema<Session>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    seed: { type: String, required: true },
    generation: { type: Number, required: true },
    rotatedAt: { type: Date, required: true },
    createdAt: { type: Date, required: true },
    lastUsedAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    ip: { type: String, required: true },
    userAgent: { type: String },
    device: { type: String, required: true },
    revokedAt: { type: Date },
    revokedReason: { type: String },
  },
  { collection: sessionsCollection, versionKey: false, strict: 'throw' },
);

export const sessionIndexes = {
  collection: sessionsCollection,
  indexes: [
    { key: { userId: 1, lastUsedAt: -1 }, name: 'user_last_used', serves: 'findOpenByUser and revokeAllOf' },
    { key: { userId: 1, device: 1 }, name: 'user_device', serves: 'isNewDevice' },
    { key: { expiresAt: 1 }, name: 'expiry', expireAfterSeconds: 86_400, serves: 'forgets sessions that are over' },
  ],
} as const;
