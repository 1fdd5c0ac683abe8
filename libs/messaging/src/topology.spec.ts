import { describe, expect, it } from 'vitest';
import { topologyOf } from './topology.ts';

describe('the topology of a service', () => {
  const topology = topologyOf('order', ['stock.reserved.v1']);

  it('has an inbox, three waiting rooms and a dead-letter queue beside what all share', () => {
    expect(topology.queues.map(({ name }) => name)).toEqual(['shop.unrouted', 'order.dead', 'order.events', 'order.retry.1s', 'order.retry.10s', 'order.retry.60s']);
  });

  it('replicates every queue, and moves nothing on before the next queue has it', () => {
    for (const { arguments: given } of topology.queues) expect(given['x-queue-type']).toBe('quorum');
    for (const { arguments: given } of topology.queues.filter((queue) => 'x-dead-letter-exchange' in queue.arguments)) {
      expect(given).toMatchObject({ 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' });
    }
  });

  it('puts events aside through an exchange of its own, never the one that reaches every queue', () => {
    expect(topology.bindings.filter(({ exchange }) => exchange === 'order.aside').map(({ queue, routingKey }) => [queue, routingKey])).toEqual(
      ['order.dead', 'order.retry.1s', 'order.retry.10s', 'order.retry.60s'].map((queue) => [queue, queue]),
    );
    expect(topology.bindings.every(({ exchange }) => exchange !== '')).toBe(true);
  });

  it('binds what is handled and nothing else', () => {
    expect(topology.bindings.filter(({ queue }) => queue === 'order.events')).toEqual([{ queue: 'order.events', exchange: 'shop.events', routingKey: 'stock.reserved.v1' }]);
  });
});
