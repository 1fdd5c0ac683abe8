import { Schema } from 'mongoose';
import type { Locale } from './locale.ts';

/** pending: to be sent, perhaps after some tries; sent: a mail server took it; failed: nobody will, and why. */
export type MailState = 'pending' | 'sent' | 'failed';

/** A mail to be sent. It holds what the mail is made from, not the mail: a token is never at rest here. */
export interface Mail {
  /** `mal_…`, made from the event and the kind: one event is mailed about once, however often it is delivered. */
  readonly _id: string;
  readonly kind: string;
  readonly to: string;
  readonly userId?: string;
  readonly locale: Locale;
  /** The data of the kind. */
  readonly data: unknown;
  /** The same at every try, so that a mail that was sent twice can be recognised as one. */
  readonly messageId: string;
  readonly state: MailState;
  /** How often the sweeper has put it into the queue again. */
  readonly round: number;
  /** Tries that reached as far as the mail server or failed on the way. */
  readonly attempts: number;
  /** When the sweeper looks at it next, if it is still pending then. */
  readonly nextRoundAt: Date;
  /** Until then one worker is sending it. */
  readonly claimedUntil: Date;
  /** By which that worker finds what it has claimed. */
  readonly claim?: string;
  readonly createdAt: Date;
  readonly sentAt?: Date;
  readonly lastError?: string;
  /** Forgotten then, whatever its state. */
  readonly expiresAt: Date;
}

export const MAIL_MODEL = 'Mail';

export const mailSchema = new Schema<Mail>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    to: { type: String, required: true },
    userId: String,
    locale: { type: String, required: true },
    data: { type: Schema.Types.Mixed, required: true },
    messageId: { type: String, required: true },
    state: { type: String, required: true },
    round: { type: Number, required: true },
    attempts: { type: Number, required: true },
    nextRoundAt: { type: Date, required: true },
    claimedUntil: { type: Date, required: true },
    claim: String,
    createdAt: { type: Date, required: true },
    sentAt: Date,
    lastError: String,
    expiresAt: { type: Date, required: true },
  },
  { collection: 'mails', versionKey: false, minimize: false },
);
