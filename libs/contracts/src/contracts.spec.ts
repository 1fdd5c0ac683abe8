import { requestContext } from '@shopfleet/kernel';
import { describe, expect, it } from 'vitest';
import { ContractError, createEvent, defineEvent, events, exampleOf, orderExpired, orderPlaced, parseEvent, stockLow } from './index.ts';
import * as contracts from './index.ts';

const overTheWire = (event: unknown): unknown => JSON.parse(JSON.stringify(event));

describe('every event of the shop', () => {
  it.each(events.map((definition) => [definition.type, definition] as const))('%s has a golden example that its consumers accept unchanged', (_type, definition) => {
    const example = exampleOf<string, unknown>(definition);
    expect(example.data).toBeDefined();
    expect(definition.schema.safeParse(definition.example).error).toBeUndefined();
    expect(parseEvent(overTheWire(example))).toEqual(example);
  });

  it('is exported by name and listed once', () => {
    const exported = Object.values(contracts).filter((value) => typeof value === 'object' && 'example' in value);
    expect(new Set(exported)).toEqual(new Set(events));
    expect(new Set(events.map(({ type }) => type)).size).toBe(events.length);
  });

  it('carries no secret: no field is named like one', () => {
    expect(JSON.stringify(events.map(({ example }) => example))).not.toMatch(/"(password|token|secret|card)"/i);
  });
});

describe('a producer', () => {
  it('hands on correlation and trace of the cause', () => {
    const cause = exampleOf(orderPlaced);
    const event = createEvent(orderExpired, { source: 'order', subject: orderExpired.example.orderId, data: orderExpired.example, causedBy: cause });
    expect(event).toMatchObject({ correlationId: cause.correlationId, traceparent: cause.traceparent, causationId: cause.id });
    expect(event.id).toMatch(/^evt_[0-9a-f]{32}$/);
  });

  it('takes the request id from the request being served', () => {
    const event = requestContext.run({ requestId: 'req-1' }, () => createEvent(stockLow, { source: 'product', subject: 'LAMP', data: stockLow.example }));
    expect(event.correlationId).toBe('req-1');
    expect(event).not.toHaveProperty('traceparent');
  });

  it('may not say what the contract does not know', () => {
    const data = { ...stockLow.example, colour: 'red' };
    expect(() => createEvent(stockLow, { source: 'product', subject: 'LAMP', data })).toThrow(ContractError);
  });

  it('cannot define an event whose type is no event type', () => {
    expect(() => defineEvent({ type: 'PlaceOrder', schema: stockLow.schema, example: stockLow.example })).toThrow('order.placed.v1');
  });
});

describe('a consumer', () => {
  it('drops fields that it does not know, at every depth', () => {
    const example = exampleOf(orderPlaced);
    const [line] = example.data.lines;
    const newer = { ...example, specversion: '1.0', data: { ...example.data, gift: true, lines: [{ ...line, engraving: 'A', unitPrice: { ...line?.unitPrice, digits: 2 } }] } };
    expect(parseEvent(overTheWire(newer))).toEqual(example);
  });

  it.each([
    ['nothing', undefined, 'unreadable'],
    ['a text', 'hello', 'unreadable'],
    ['an envelope without id', { ...exampleOf(stockLow), id: undefined }, 'unreadable'],
    ['an unknown type', { ...exampleOf(stockLow), type: 'stock.exploded.v1' }, 'unknown-type'],
    ['wrong data', { ...exampleOf(stockLow), data: { ...stockLow.example, available: -1 } }, 'invalid-data'],
    ['missing data', { ...exampleOf(stockLow), data: undefined }, 'invalid-data'],
    ['an unknown field beside a wrong one', { ...exampleOf(stockLow), data: { ...stockLow.example, available: 'x', more: 1 } }, 'invalid-data'],
  ])('refuses %s', (_name, input, violation) => {
    expect(() => parseEvent(input)).toThrow(expect.objectContaining({ name: 'ContractError', violation }));
  });

  it('does not repeat the values of a wrong message', () => {
    expect(() => parseEvent({ ...exampleOf(stockLow), data: { ...stockLow.example, available: 'canary' } })).toThrow(/^(?!.*canary)/);
  });
});
