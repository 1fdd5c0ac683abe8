import { randomUUID } from 'node:crypto';
import { createEvent, stockReserved, type EventOf, type orderPlaced } from '@shopfleet/contracts';
import { money } from '@shopfleet/kernel';
import { RabbitMqStrategy } from '@shopfleet/messaging';
import { eventually, killServer, restartServer } from '@shopfleet/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, readAnswer, type Answer, type OrderWorld } from './order-world.ts';
import { aShopper } from './players.ts';

let world: OrderWorld;

beforeAll(async () => {
  world = await openWorld({ PAYMENT_TIMEOUT_MS: '6000' });
  await world.product.sell({ LAMP: { price: money(1999, 'EUR'), stock: 10_000 } });
  await eventually(async () => expect(await world.db.collection('price_book').countDocuments()).toBe(1));
});
afterEach(() => {
  Object.assign(world.product, { answering: true, copies: 1, holdMs: 900_000 });
});
afterAll(() => world.close());

const customer = async (): Promise<string> => {
  const userId = aShopper();
  world.gateway.fillCart(userId, [{ sku: 'LAMP', quantity: 1 }]);
  return world.gateway.tokenFor({ userId });
};
const place = async (token: string, paymentToken = 'tok_ok', wait = 8): Promise<Answer> =>
  world.order({ key: randomUUID(), token, headers: { prefer: `wait=${wait}` }, body: { payment: { token: paymentToken } } });
const statusOf = async (id: unknown): Promise<unknown> => (await world.db.collection<{ _id: string; status: string }>('orders').findOne({ _id: String(id) }))?.status;
const cancel = async (id: unknown, token: string, url = world.url): Promise<Answer> =>
  readAnswer(await fetch(`${url}/api/orders/${String(id)}/cancel`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: '{}' }));

describe('a checkout', () => {
  it('is charged once though every answer comes three times', async () => {
    world.product.copies = 3;
    const token = await customer();
    const placed = await Promise.all(Array.from({ length: 10 }, async () => place(token)));
    for (const { status, body } of placed) {
      expect(status).toBe(201);
      expect(await world.charges(body['id'])).toHaveLength(1);
      await eventually(() => expect(world.product.typesOf(String(body['id']))).toEqual(['order.placed.v1', 'payment.succeeded.v1', 'order.paid.v1']));
    }
  });

  it('is finished by the nets when the provider is away for a while', async () => {
    const token = await customer();
    await world.simulator.stop();
    const { status, body } = await place(token, 'tok_ok', 1);
    expect(status).toBe(202);
    await eventually(async () => expect(await statusOf(body['id'])).toBe('awaiting_payment'));
    await world.simulator.start();
    await eventually(async () => expect(await statusOf(body['id'])).toBe('paid'), { timeoutMs: 25_000 });
    expect(await world.charges(body['id'])).toHaveLength(1);
  });

  it('expires with its hold and is not charged', async () => {
    world.product.holdMs = 5000;
    const { status, body } = await place(await customer());
    expect({ status, body }).toMatchObject({ status: 409, body: { code: 'conflict', detail: expect.stringContaining('expired') } });
    expect(await world.charges(body['orderId'])).toEqual([]);
    await eventually(() => expect(world.product.typesOf(String(body['orderId']))).toEqual(['order.placed.v1', 'order.expired.v1']));
  });

  it('that is cancelled while its payment is under way gets its money back', async () => {
    const token = await customer();
    const { body } = await place(token, 'tok_timeout', 0);
    await eventually(async () => expect(await world.charges(body['id'])).toHaveLength(1));
    expect(await cancel(body['id'], token)).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    await eventually(async () => expect(await world.charges(body['id'])).toMatchObject([{ amount: 2489, refunded: 2489 }]), { timeoutMs: 20_000 });
    await eventually(() => expect(world.product.typesOf(String(body['id']))).toEqual(['order.placed.v1', 'order.cancelled.v1', 'payment.refunded.v1']));
  });

  it('that was cancelled before its stock was held says so again', async () => {
    world.product.answering = false;
    const token = await customer();
    const { body } = await place(token, 'tok_ok', 0);
    const orderId = String(body['id']);
    expect(await cancel(orderId, token)).toMatchObject({ status: 200 });
    await eventually(() => expect(world.product.typesOf(orderId)).toEqual(['order.placed.v1', 'order.cancelled.v1']));
    const placed = world.product.events.find(({ type, subject }) => type === 'order.placed.v1' && subject === orderId);
    await world.product.answer(placed as EventOf<typeof orderPlaced>);
    await eventually(() => expect(world.product.typesOf(orderId)).toEqual(['order.placed.v1', 'order.cancelled.v1', 'order.cancelled.v1']));
    expect(await world.charges(orderId)).toEqual([]);
  });

  it('that another worker cancels unheard while its shopper waits costs nothing in the end', async () => {
    const other = await world.startAnother();
    // Its stock is told to the worker that has placed it, and still knows it as it was then.
    await other.app.get(RabbitMqStrategy).drain();
    world.product.answering = false;
    const token = await customer();
    await killServer('redis-state');
    try {
      const waiting = place(token);
      const orders = world.db.collection<{ _id: string; status: string }>('orders');
      const orderId = await eventually(async () => {
        const found = await orders.findOne({ status: 'pending' });
        if (!found) throw new Error('no order is pending yet');
        return found._id;
      });
      expect(await cancel(orderId, token, other.url)).toMatchObject({ status: 200, body: { status: 'cancelled' } });
      await eventually(() => expect(world.product.typesOf(orderId)).toContain('order.placed.v1'));
      const placed = world.product.events.find(({ type, subject }) => type === 'order.placed.v1' && subject === orderId);
      await world.product.answer(placed as EventOf<typeof orderPlaced>);
      expect((await waiting).status).toBe(409);
      await eventually(() => expect(world.product.typesOf(orderId)).toContain('order.cancelled.v1'));
      await eventually(async () => expect((await world.charges(orderId)).every(({ amount, refunded }) => refunded === amount)).toBe(true), { timeoutMs: 20_000 });
      expect(await statusOf(orderId)).toBe('cancelled');
    } finally {
      await restartServer('redis-state');
    }
  }, 90_000);

  it('ignores stock of orders it does not know', async () => {
    const orderId = 'ord_00000000000000000000000000000000';
    const data = { orderId, lines: [{ sku: 'LAMP', quantity: 1 }], expiresAt: new Date(Date.now() + 60_000).toISOString() };
    await world.product.publish([createEvent(stockReserved, { source: 'product', subject: orderId, data })]);
    expect(await place(await customer())).toMatchObject({ status: 201 });
  });

  it('is taken while the broker is away, and ends when it is back', async () => {
    const token = await customer();
    await killServer('rabbitmq');
    let placed: Answer;
    try {
      placed = await place(token, 'tok_ok', 0);
    } finally {
      await restartServer('rabbitmq');
    }
    expect(placed.status).toBe(202);
    await eventually(async () => expect(await statusOf(placed.body['id'])).toBe('paid'), { timeoutMs: 30_000 });
    expect(await world.charges(placed.body['id'])).toHaveLength(1);
  }, 90_000);

  it('needs no Redis to be paid', async () => {
    const token = await customer();
    await killServer('redis-state');
    try {
      expect(await place(token)).toMatchObject({ status: 201, body: { status: 'paid' } });
      expect((await fetch(`${world.url}/ready`)).status).toBe(200);
    } finally {
      await restartServer('redis-state');
    }
  }, 60_000);

  it('waits for the database no longer than three seconds, and the same key may be sent again', async () => {
    const token = await customer();
    const request = { key: randomUUID(), token };
    await killServer('mongod');
    try {
      const started = performance.now();
      const refused = await world.order(request);
      expect(performance.now() - started).toBeLessThan(3000);
      expect(refused).toMatchObject({ status: 503, body: { code: 'dependency-unavailable' } });
      expect(refused.headers.get('retry-after')).not.toBeNull();
    } finally {
      await restartServer('mongod');
    }
    await eventually(async () => expect(await world.order(request)).toMatchObject({ status: 201 }), { timeoutMs: 20_000 });
  }, 90_000);
});
