import { currentRequest, newId } from '@shopfleet/kernel';
import { ContractError, describeIssues } from './contract-error.ts';
import type { EventDefinition } from './define-event.ts';
import { envelopeSchema, type Envelope } from './envelope.ts';

export interface NewEvent<D> {
  /** The service that says so, such as `order`. */
  readonly source: string;
  /** The identifier of the aggregate it is about; events of one subject are published in order. */
  readonly subject: string;
  readonly data: D;
  /** The event whose handling led to this one; its correlation and trace are handed on. */
  readonly causedBy?: Envelope | undefined;
}

/**
 * Makes an event, with the request id and trace of the cause or else of the request being served.
 * The data is checked strictly: a producer that says something outside the contract fails here, not at its consumers.
 *
 * @throws ContractError naming each wrong field.
 * @example createEvent(orderExpired, { source: 'order', subject: order.id, data: { orderId: order.id, … } });
 */
export function createEvent<T extends string, D>(definition: EventDefinition<T, D>, event: NewEvent<NoInfer<D>>): Envelope<D, T> {
  const data = definition.schema.safeParse(event.data);
  if (!data.success) {
    throw new ContractError('invalid-data', `${definition.type} would break its contract: ${describeIssues(data.error)}`);
  }
  const request = currentRequest();
  const envelope: Envelope<D, T> = {
    id: newId('evt'),
    type: definition.type,
    time: new Date().toISOString(),
    source: event.source,
    subject: event.subject,
    ...present('traceparent', event.causedBy?.traceparent ?? request?.traceparent),
    ...present('correlationId', event.causedBy?.correlationId ?? request?.requestId),
    ...present('causationId', event.causedBy?.id),
    data: data.data,
  };
  const shape = envelopeSchema.safeParse(envelope);
  if (!shape.success) {
    throw new ContractError('unreadable', `${definition.type} has a wrong envelope: ${describeIssues(shape.error)}`);
  }
  return envelope;
}

// An absent field, not one that is undefined: MongoDB would store the latter as null.
function present<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
}
