import { z } from 'zod';
import { webhookEvents } from './webhook-endpoint.schema.ts';

const url = z.url().max(500);
const wantedEvents = z.array(z.enum(webhookEvents)).min(1).max(webhookEvents.length).transform((list) => [...new Set(list)]);

export const endpointIn = z.strictObject({ url, events: wantedEvents });
export type EndpointIn = z.infer<typeof endpointIn>;

export const endpointChange = z
  .strictObject({ url: url.optional(), events: wantedEvents.optional(), active: z.boolean().optional(), newSecret: z.literal(true).optional().describe('true: make a new secret; the old one stops at once') })
  .refine((change) => Object.keys(change).length > 0, 'say what to change');
export type EndpointChange = z.infer<typeof endpointChange>;

export const endpointParameter = z.strictObject({ id: z.string().regex(/^whe_[0-9a-f]{32}$/u, 'is not the id of a webhook endpoint') });
export const deliveryParameter = z.strictObject({ id: z.string().regex(/^dlv_[0-9a-f]{32}$/u, 'is not the id of a delivery') });

export const deliveriesQuery = z.strictObject({
  endpointId: endpointParameter.shape.id.optional(),
  cursor: z.string().max(500).optional().describe('nextCursor of the page before'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export type DeliveriesQuery = z.infer<typeof deliveriesQuery>;

export const endpointOut = z
  .strictObject({
    id: z.string(),
    url: z.string(),
    events: z.array(z.enum(webhookEvents)),
    active: z.boolean(),
    secret: z.string().optional().describe('only when it was just made; verify webhook-signature by it'),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'WebhookEndpoint' });
export type EndpointView = z.infer<typeof endpointOut>;
export const endpointsOut = z.strictObject({ items: z.array(endpointOut) }).meta({ id: 'WebhookEndpointList' });

export const deliveryOut = z
  .strictObject({
    id: z.string().describe('also in the header webhook-id; the same at every try'),
    endpointId: z.string(),
    event: z.string(),
    state: z.enum(['pending', 'delivered', 'failed']),
    attempts: z.number().int(),
    nextAttemptAt: z.iso.datetime().optional(),
    tries: z.array(z.strictObject({ at: z.iso.datetime(), status: z.number().int().optional(), error: z.string().optional(), ms: z.number() })).describe('the last ten, newest last'),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'WebhookDelivery' });
export type DeliveryView = z.infer<typeof deliveryOut>;
export const deliveriesOut = z.strictObject({ items: z.array(deliveryOut), nextCursor: z.string().nullable().describe('null on the last page') }).meta({ id: 'WebhookDeliveryList' });
