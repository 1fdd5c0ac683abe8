import type { EventDefinition } from './define-event.ts';
import type { Envelope } from './envelope.ts';

/**
 * The golden example of an event in an envelope of its own. Producers compare what they emit with it, consumers are
 * fed with it.
 */
export function exampleOf<T extends string, D>(definition: EventDefinition<T, D>, overrides: Partial<Envelope<D, T>> = {}): Envelope<D, T> {
  return {
    id: 'evt_0192f7c1aaaa70008000000000000001',
    type: definition.type,
    time: '2026-11-20T10:15:30.000Z',
    source: definition.type.slice(0, definition.type.indexOf('.')),
    subject: 'sub_0192f7c1aaaa70008000000000000002',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    correlationId: 'req-4f1c',
    data: definition.example,
    ...overrides,
  };
}
