import { Schema } from 'mongoose';
import type { SavedAddress } from './address.ts';

export const addressesCollection = 'addresses';

export const savedAddressSchema = new Schema<SavedAddress>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    name: { type: String, required: true },
    line1: { type: String, required: true },
    line2: { type: String },
    city: { type: String, required: true },
    postalCode: { type: String, required: true },
    country: { type: String, required: true },
    version: { type: Number, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: addressesCollection, versionKey: false, strict: 'throw' },
);

export const addressIndexes = {
  collection: addressesCollection,
  indexes: [{ key: { userId: 1, createdAt: 1 }, name: 'user_oldest', serves: 'findByUser and countByUser' }],
} as const;
