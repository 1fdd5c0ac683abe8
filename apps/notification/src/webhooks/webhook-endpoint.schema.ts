import { Schema } from 'mongoose';

/** Events that merchants can ask for, of their own products; of an order they get their own lines only, and nothing about the buyer. */
export const webhookEvents = ['image.failed.v1', 'image.processed.v1', 'order.paid.v1', 'stock.low.v1'] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

export interface WebhookEndpoint {
  /** `whe_…` */
  readonly _id: string;
  readonly partnerId: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  readonly active: boolean;
  /** Part of what the secret is derived from; a new one makes a new secret. */
  readonly secretVersion: number;
  readonly createdAt: Date;
}

export const WEBHOOK_ENDPOINT_MODEL = 'WebhookEndpoint';

export const webhookEndpointSchema = new Schema<WebhookEndpoint>(
  {
    _id: { type: String, required: true },
    partnerId: { type: String, required: true },
    url: { type: String, required: true },
    events: { type: [String], required: true },
    active: { type: Boolean, required: true },
    secretVersion: { type: Number, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'webhook_endpoints', versionKey: false },
);
