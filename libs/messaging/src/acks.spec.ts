import { setImmediate as turn } from 'node:timers/promises';
import type { ConsumeMessage, Message } from 'amqplib';
import { describe, expect, it } from 'vitest';
import { Acks } from './acks.ts';

const message = (deliveryTag: number): ConsumeMessage => ({
  content: Buffer.alloc(0),
  fields: { deliveryTag, redelivered: false, exchange: 'shop.events', routingKey: 'order.paid.v1', consumerTag: 'one' },
  properties: { contentType: undefined, contentEncoding: undefined, headers: {}, deliveryMode: undefined, priority: undefined, correlationId: undefined, replyTo: undefined, expiration: undefined, messageId: undefined, timestamp: undefined, type: undefined, userId: undefined, appId: undefined, clusterId: undefined },
});

describe('acks', () => {
  const begin = (): { acks: Acks; messages: readonly ConsumeMessage[]; said: string[] } => {
    const said: string[] = [];
    const acks = new Acks({
      ack: ({ fields }: Message, allUpTo?: boolean) => void said.push(`ack ${allUpTo === true ? 'up to ' : ''}${fields.deliveryTag}`),
      nack: ({ fields }: Message) => void said.push(`nack ${fields.deliveryTag}`),
    });
    const messages = [1, 2, 3, 4].map(message);
    for (const each of messages) acks.received(each);
    return { acks, messages, said };
  };

  it('of one turn leave together, up to the oldest event that is still in hand', async () => {
    const { acks, messages: [first, second, third, fourth], said } = begin();
    for (const each of [fourth, second, first]) if (each) acks.ack(each);
    expect(said).toEqual([]);
    await turn();
    expect(said).toEqual(['ack up to 2', 'ack 4']);
    if (third) acks.ack(third);
    await turn();
    expect(said).toEqual(['ack up to 2', 'ack 4', 'ack up to 3']);
  });

  it('never cover an event that is not handled, nor one that was given back', async () => {
    const { acks, messages: [first, second, third], said } = begin();
    if (third) acks.ack(third);
    if (first) acks.giveBack(first);
    await turn();
    expect(said).toEqual(['nack 1', 'ack 3']);
    if (second) acks.ack(second);
    acks.flush();
    expect(said).toEqual(['nack 1', 'ack 3', 'ack up to 2']);
  });
});
