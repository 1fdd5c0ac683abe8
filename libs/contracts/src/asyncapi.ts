import { z } from 'zod';
import { envelopeSchema } from './envelope.ts';
import { events } from './events.ts';
import { exampleOf } from './example.ts';
import { producerOf, subscriptions, type EventService } from './subscriptions.ts';

type Json = Record<string, unknown>;

/**
 * The AsyncAPI 3.0 document of the shop: each event with its schema and golden example, who sends it and who hears it.
 * `npm run asyncapi` writes it to docs/asyncapi.json.
 */
export function asyncApiDocument(): Json {
  const sorted = [...events].sort((a, b) => (a.type < b.type ? -1 : 1));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Shopfleet events',
      version: '1.0.0',
      description: 'A topic exchange `shop.events`; the routing key is the type of the event. An optional field keeps the version, anything else is v2 beside v1. Delivery is at least once and may be out of order.',
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(sorted.map(({ type }) => [type, channelOf(type)])),
    operations: Object.fromEntries([...sorted.map(({ type }) => sendOf(type)), ...receives()]),
    components: {
      messages: Object.fromEntries(sorted.map((definition) => [definition.type, messageOf(definition)])),
      schemas: Object.fromEntries(sorted.map(({ type, schema }) => [type, schemaOf(schema)])),
    },
  };
}

const pointer = (...parts: string[]): Json => ({ $ref: `#/${parts.join('/')}` });

function channelOf(type: string): Json {
  return {
    address: type,
    messages: { [type]: pointer('components', 'messages', type) },
    bindings: { amqp: { is: 'routingKey', exchange: { name: 'shop.events', type: 'topic', durable: true, autoDelete: false, vhost: '/' }, bindingVersion: '0.3.0' } },
  };
}

function messageOf(definition: (typeof events)[number]): Json {
  const { type } = definition;
  const envelope = schemaOf(envelopeSchema);
  const properties = { ...(envelope['properties'] as Json), type: { const: type }, data: pointer('components', 'schemas', type) };
  return { name: type, title: type, contentType: 'application/json', payload: { ...envelope, properties }, examples: [{ name: 'golden', payload: exampleOf<string, unknown>(definition) }] };
}

function sendOf(type: string): [string, Json] {
  const service = producerOf(type);
  return [`${service}.sends.${type}`, { action: 'send', channel: pointer('channels', type), summary: service === 'any' ? 'Sent by any service' : `Sent by ${service}` }];
}

function receives(): [string, Json][] {
  return Object.entries(subscriptions).flatMap(([service, types]) =>
    types.map((type): [string, Json] => [
      `${service as EventService}.hears.${type}`,
      {
        action: 'receive',
        channel: pointer('channels', type),
        summary: `Heard by ${service}`,
        bindings: { amqp: { ack: true, bindingVersion: '0.3.0' } },
        'x-queue': `${service}.events`,
      },
    ]),
  );
}

function schemaOf(schema: z.ZodType): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input' }) as Json;
  return rest;
}
