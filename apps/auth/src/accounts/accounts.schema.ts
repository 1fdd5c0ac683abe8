import { Schema } from 'mongoose';
import type { Account } from './domain/account.ts';

export const accountsCollection = 'accounts';

// What the seed writes: plain documents of `Account`, all fields but partnerId required. `_id` is newId('usr'), `email`
// is lower case, `version` is 1, `passwordHash` is the PHC text of argon2id with m=19456, t=2, p=1 (`hash(password,
// { memoryCost: 19456, timeCost: 2, parallelism: 1 })` of @node-rs/argon2; one hash may serve all demo accounts).
export const accountSchema = new Schema<Account>(
  {
    _id: { type: String, required: true },
    email: { type: String, required: true },
    emailVerified: { type: Boolean, required: true },
    name: { type: String, required: true },
    locale: { type: String, required: true },
    roles: { type: [String], required: true },
    passwordHash: { type: String, required: true },
    partnerId: { type: String },
    version: { type: Number, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: accountsCollection, versionKey: false, strict: 'throw' },
);

export const accountIndexes = {
  collection: accountsCollection,
  indexes: [
    { key: { email: 1 }, name: 'email_unique', unique: true, serves: 'login and registration: findByEmail, one account per address' },
    { key: { createdAt: -1, _id: -1 }, name: 'newest', serves: "the admins' list of users, newest first: findPage" },
    { key: { roles: 1, createdAt: -1, _id: -1 }, name: 'role_newest', serves: 'the same list, of one role' },
  ],
} as const;
