import { Schema } from 'mongoose';

/** A browser that wants to be told even while no page of the shop is open. */
export interface PushSubscriptionRow {
  /** `psb_…`, made from user and endpoint. */
  readonly _id: string;
  readonly userId: string;
  /** The address at the browser's push service; whoever knows it can write to it, so it is shown to nobody. */
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
  readonly createdAt: Date;
}

export const PUSH_SUBSCRIPTION_MODEL = 'PushSubscription';

export const pushSubscriptionSchema = new Schema<PushSubscriptionRow>(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    endpoint: { type: String, required: true },
    keys: { type: new Schema({ p256dh: { type: String, required: true }, auth: { type: String, required: true } }, { _id: false }), required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'push_subscriptions', versionKey: false },
);
