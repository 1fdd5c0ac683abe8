import { Schema } from 'mongoose';

/** Whose list a notification stands in: one person's, or that of everybody with a role. */
export type Audience = `user:${string}` | `role:${string}`;

export interface Notification {
  /** `ntf_…`; sorts by the time it was recorded. */
  readonly _id: string;
  readonly audience: Audience;
  /**
   * Counts up within the audience, in the order of the commits: the counter is raised in the transaction that records the
   * notification, so a later number is never visible before an earlier one. Streams resume by it.
   */
  readonly seq: number;
  readonly kind: string;
  readonly title: string;
  readonly body: string;
  readonly link?: string;
  /** The event it tells of. */
  readonly eventId: string;
  readonly createdAt: Date;
  /** True until its one reader has read it; that of a role stays true and counts its readers in `readBy`. */
  readonly unread: boolean;
  readonly readBy: readonly string[];
  readonly expiresAt: Date;
}

export const NOTIFICATION_MODEL = 'Notification';

export const notificationSchema = new Schema<Notification>(
  {
    _id: { type: String, required: true },
    audience: { type: String, required: true },
    seq: { type: Number, required: true },
    kind: { type: String, required: true },
    title: { type: String, required: true },
    body: { type: String, required: true },
    link: String,
    eventId: { type: String, required: true },
    createdAt: { type: Date, required: true },
    unread: { type: Boolean, required: true },
    readBy: { type: [String], required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'notifications', versionKey: false },
);

/** The last `seq` of an audience. */
export interface AudienceCounter {
  readonly _id: Audience;
  readonly seq: number;
}

export const COUNTER_MODEL = 'AudienceCounter';

export const counterSchema = new Schema<AudienceCounter>(
  { _id: { type: String, required: true }, seq: { type: Number, required: true } },
  { collection: 'audience_counters', versionKey: false },
);
