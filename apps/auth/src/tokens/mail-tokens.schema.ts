import { Schema } from 'mongoose';
import type { MailToken } from './mail-token.ts';

export const mailTokensCollection = 'mail_tokens';

export const mailTokenSchema = new Schema<MailToken>(
  {
    _id: { type: String, required: true },
    purpose: { type: String, required: true },
    userId: { type: String, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    usedAt: { type: Date },
  },
  { collection: mailTokensCollection, versionKey: false, strict: 'throw' },
);

export const mailTokenIndexes = {
  collection: mailTokensCollection,
  indexes: [
    { key: { userId: 1, purpose: 1, createdAt: -1 }, name: 'user_purpose_newest', serves: 'findNewest (no second mail within a minute) and retireAll' },
    { key: { expiresAt: 1 }, name: 'expiry', expireAfterSeconds: 7 * 86_400, serves: 'forgets what can no longer be used' },
  ],
} as const;
