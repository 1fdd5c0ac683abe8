import { eventually } from '@shopfleet/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorld, type OrderWorld } from './order-world.ts';

let world: OrderWorld;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

async function metrics(): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${world.url}/metrics`)).text();
  return new Map(text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
}

it('a paid order can be followed in the figures of its worker', async () => {
  const sku = 'METRICS-1';
  await world.product.sell({ [sku]: { price: { amount: 1_000, currency: 'EUR' }, stock: 5 } });
  const token = await world.gateway.tokenFor({ userId: 'usr_metrics' });
  world.gateway.fillCart('usr_metrics', [{ sku, quantity: 1 }]);
  await eventually(async () => expect(await world.db.collection('price_book').countDocuments()).toBe(1));
  const answer = await world.order({ key: 'metrics-1', token });
  expect([answer.status, answer.body['status']]).toEqual([201, 'paid']);
  await eventually(async () => {
    const found = await metrics();
    expect(found.get('http_request_duration_seconds_count{method="POST",route="/api/orders",status="201"}')).toBe(1);
    for (const type of ['order.placed.v1', 'payment.succeeded.v1', 'order.paid.v1']) {
      expect(found.get(`shop_events_recorded_total{type="${type}"}`), type).toBe(1);
      expect(found.get(`shop_outbox_published_total{type="${type}"}`), type).toBe(1);
    }
    expect(found.get('shop_event_handling_seconds_count{type="stock.reserved.v1",outcome="handled"}')).toBe(1);
    expect([found.get('shop_outbox_pending'), found.get('shop_outbox_oldest_seconds'), found.get('shop_outbox_leads')]).toEqual([0, 0, 1]);
    expect(found.get('shop_checkouts_undecided{status="awaiting_payment"}')).toBe(0);
    expect(found.get('shop_limit_checks_total{outcome="allowed",limit=""}')).toBe(1);
    expect(found.get('shop_mongo_pool_connections{state="max"}')).toBe(30);
    expect(found.get('shop_mongo_command_seconds_count{command="insert",outcome="done"}')).toBeGreaterThan(0);
  });
});

it('what waits in RabbitMQ and BullMQ is told of by queue', async () => {
  await eventually(async () => {
    const names = [...(await metrics()).keys()];
    expect(names).toEqual(expect.arrayContaining(['shop_queue_messages{queue="order.events"}', 'shop_queue_messages{queue="order.dead"}', 'shop_queue_jobs{queue="orders",state="wait"}']));
  });
});
