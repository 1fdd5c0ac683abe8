import type { EventDefinition } from './define-event.ts';
import { z } from 'zod';
import { idSchema, instantSchema } from './schemas.ts';

/**
 * What travels: an event in the CloudEvents manner. Events of one `subject` are published in the order they were
 * recorded; consumers and retries may still overtake each other, so a consumer compares versions.
 */
export interface Envelope<D = unknown, T extends string = string> {
  /** `evt_…`, the same on every delivery: the key by which a consumer recognises a duplicate. */
  readonly id: string;
  /** Also the routing key, such as `order.placed.v1`. */
  readonly type: T;
  /** When it happened, ISO 8601, UTC. */
  readonly time: string;
  /** The service that says so, such as `order`. */
  readonly source: string;
  /** The identifier of the aggregate it is about, such as `ord_…`. */
  readonly subject: string;
  /** W3C trace context of the request that caused it. */
  readonly traceparent?: string | undefined;
  /** The request id that everything caused by one request shares. */
  readonly correlationId?: string | undefined;
  /** The id of the event that caused this one. */
  readonly causationId?: string | undefined;
  readonly data: D;
}

/** The envelope that carries an event of this definition: `EventOf<typeof orderPlaced>`. */
export type EventOf<E> = E extends EventDefinition<infer T, infer D> ? Envelope<D, T> : never;

/** What all envelopes share; `data` is judged by the schema of the type. */
export const envelopeSchema = z.strictObject({
  id: idSchema,
  type: z.string().min(1).max(120),
  time: instantSchema,
  source: z.string().min(1).max(60),
  subject: idSchema,
  traceparent: z.string().max(100).optional(),
  correlationId: z.string().max(200).optional(),
  causationId: idSchema.optional(),
  data: z.unknown(),
});
