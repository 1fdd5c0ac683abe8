import { Schema } from 'mongoose';

export type DeliveryChannelName = 'push' | 'webhook';
export type DeliveryState = 'pending' | 'delivered' | 'failed';

/** One try to deliver. */
export interface DeliveryTry {
  readonly at: Date;
  /** The HTTP status, where there was an answer. */
  readonly status?: number;
  readonly error?: string;
  readonly ms: number;
}

/** Something to be posted to an address outside the shop: a push message to a browser, an event to a merchant. */
export interface Delivery {
  /** `dlv_…`, made from event, kind and target: one event is delivered to a target once, however often it is heard. */
  readonly _id: string;
  readonly channel: DeliveryChannelName;
  /** The push subscription or webhook endpoint; `ops` for the address of operations. */
  readonly target: string;
  /** `user:usr_…`, `partner:…` or `ops`. */
  readonly owner: string;
  /** The kind of notification or the type of event. */
  readonly kind: string;
  /** What is posted, before encryption or signature. */
  readonly body: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** How often it was put into the queue; each time is a job of its own. */
  readonly round: number;
  readonly nextAttemptAt: Date;
  readonly claimedUntil: Date;
  /** The last ten tries, newest last. */
  readonly tries: readonly DeliveryTry[];
  readonly createdAt: Date;
  /** When it is given up; a redelivery sets it anew. */
  readonly giveUpAt: Date;
  readonly deliveredAt?: Date;
  readonly expiresAt: Date;
}

export const DELIVERY_MODEL = 'Delivery';

const tries = new Schema<DeliveryTry>({ at: { type: Date, required: true }, status: Number, error: String, ms: { type: Number, required: true } }, { _id: false });

export const deliverySchema = new Schema<Delivery>(
  {
    _id: { type: String, required: true },
    channel: { type: String, required: true },
    target: { type: String, required: true },
    owner: { type: String, required: true },
    kind: { type: String, required: true },
    body: { type: String, required: true },
    state: { type: String, required: true },
    attempts: { type: Number, required: true },
    round: { type: Number, required: true },
    nextAttemptAt: { type: Date, required: true },
    claimedUntil: { type: Date, required: true },
    tries: { type: [tries], required: true },
    createdAt: { type: Date, required: true },
    giveUpAt: { type: Date, required: true },
    deliveredAt: Date,
    expiresAt: { type: Date, required: true },
  },
  { collection: 'deliveries', versionKey: false },
);
