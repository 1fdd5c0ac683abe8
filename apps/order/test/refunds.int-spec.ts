import { randomUUID } from 'node:crypto';
import { createEvent, stockRejected } from '@shopfleet/contracts';
import { money, type Money } from '@shopfleet/kernel';
import { eventually } from '@shopfleet/testing';
import { signWebhook } from '@shopfleet/webhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Reconciler } from '../src/payments/reconciler.ts';
import { SalesRollUp } from '../src/statistics/sales-roll-up.ts';
import { openWorld, readAnswer, type Answer, type OrderWorld } from './order-world.ts';
import { aShopper } from './players.ts';

let world: OrderWorld;
let staff: string;

beforeAll(async () => {
  world = await openWorld();
  await world.product.sell({ LAMP: { price: money(1999, 'EUR'), stock: 10_000 } });
  await eventually(async () => expect(await world.db.collection('price_book').countDocuments()).toBe(1));
  staff = await world.gateway.tokenFor({ userId: aShopper(), roles: ['manager'] });
});
afterAll(() => world.close());

const send = async (path: string, token: string, body: object, key: string = randomUUID()): Promise<Answer> =>
  readAnswer(
    await fetch(`${world.url}/api/orders${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key, prefer: 'wait=8' },
      body: JSON.stringify(body),
    }),
  );
const customer = async (): Promise<string> => {
  const userId = aShopper();
  world.gateway.fillCart(userId, [{ sku: 'LAMP', quantity: 3 }]);
  return world.gateway.tokenFor({ userId });
};
interface Bought {
  token: string;
  id: string;
  total: Money;
}
const bought = async (payment = 'tok_ok'): Promise<Bought> => {
  const token = await customer();
  const { status, body } = await world.order({ key: randomUUID(), token, body: { payment: { token: payment } } });
  expect(status).toBe(201);
  return { token, id: String(body['id']), total: (body['totals'] as { total: Money }).total };
};
const delivered = async (): Promise<Bought> => {
  const order = await bought();
  expect((await send(`/${order.id}/ship`, staff, {})).status).toBe(200);
  expect((await send(`/${order.id}/deliver`, staff, {})).status).toBe(200);
  return order;
};
const look = async ({ id, token }: { id: string; token: string }): Promise<Record<string, unknown>> =>
  (await readAnswer(await fetch(`${world.url}/api/orders/${id}`, { headers: { authorization: `Bearer ${token}` } }))).body;
const returnIdOf = (answer: Answer): string => (answer.body['returns'] as { id: string }[]).at(-1)?.id ?? '';

describe('a return', () => {
  it('of a part refunds that part, puts it back on the shelf and leaves the rest delivered', async () => {
    const order = await delivered();
    const asked = await send(`/${order.id}/returns`, order.token, { lines: [{ sku: 'LAMP', quantity: 1 }], reason: 'too small' });
    expect(asked).toMatchObject({ status: 201, body: { status: 'return_requested' } });
    const refund = await send(`/${order.id}/refunds`, staff, { returnId: returnIdOf(asked), reason: 'returned' });
    expect(refund).toMatchObject({ status: 201, body: { status: 'done', amount: money(1999, 'EUR') } });
    expect(await look(order)).toMatchObject({ status: 'delivered', refunded: money(1999, 'EUR'), returns: [{ status: 'refunded' }] });
    expect(await world.charges(order.id)).toMatchObject([{ refunded: 1999 }]);
    const audits = await world.db.collection('outbox').find({ 'event.subject': order.id, 'event.type': 'audit.recorded.v1' }).toArray();
    expect(audits).toMatchObject([{ event: { data: { actor: { roles: ['manager'] }, action: 'order.refund', target: order.id, difference: { refund: { new: { amount: money(1999, 'EUR'), reason: 'returned' } } } } } }]);
    const rest = await send(`/${order.id}/returns`, order.token, { lines: [{ sku: 'LAMP', quantity: 3 }], reason: 'all' });
    expect(rest).toMatchObject({ status: 409, body: { detail: expect.stringContaining('of LAMP 2') } });
    const last = await send(`/${order.id}/returns`, order.token, { lines: [{ sku: 'LAMP', quantity: 2 }], reason: 'all' });
    expect((await send(`/${order.id}/refunds`, staff, { returnId: returnIdOf(last), reason: 'returned' })).status).toBe(201);
    expect(await look(order)).toMatchObject({ status: 'refunded', refunded: order.total });
    expect(await world.charges(order.id)).toMatchObject([{ refunded: order.total.amount }]);
  });

  it('is asked for once under one key, and not before the delivery', async () => {
    const order = await delivered();
    const [key, body] = [randomUUID(), { lines: [{ sku: 'LAMP', quantity: 1 }], reason: 'too small' }];
    const first = await send(`/${order.id}/returns`, order.token, body, key);
    expect(await send(`/${order.id}/returns`, order.token, body, key)).toMatchObject({ status: 201, text: first.text });
    const early = await bought();
    expect(await send(`/${early.id}/returns`, early.token, body)).toMatchObject({ status: 409, body: { code: 'invalid-transition' } });
  });
});

describe('a refund', () => {
  it('never exceeds what was captured, however many ask at once', async () => {
    const order = await bought();
    const half = money(Math.ceil(order.total.amount / 2), 'EUR');
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(`/${order.id}/refunds`, staff, { amount: half, reason: 'a gesture' })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(7);
    await eventually(async () => expect(await world.charges(order.id)).toMatchObject([{ refunded: half.amount }]));
    expect((await send(`/${order.id}/refunds`, staff, { reason: 'the rest' })).body).toMatchObject({ amount: money(order.total.amount - half.amount, 'EUR') });
    expect(await send(`/${order.id}/refunds`, staff, { reason: 'once more' })).toMatchObject({ status: 409 });
    expect((await send(`/${order.id}/refunds`, order.token, { reason: 'please' })).status).toBe(403);
  });

  it('waits for a provider that is away', async () => {
    const order = await bought();
    await world.simulator.stop();
    const refund = await send(`/${order.id}/refunds`, staff, { reason: 'a gesture' });
    await world.simulator.start();
    expect(refund).toMatchObject({ status: 201, body: { status: 'due' } });
    await eventually(async () => expect(await look(order)).toMatchObject({ refunded: order.total }), { timeoutMs: 60_000, intervalMs: 500 });
    expect(await world.charges(order.id)).toMatchObject([{ refunded: order.total.amount }]);
  }, 90_000);
});

describe('another means of payment', () => {
  it('pays an order whose first was declined', async () => {
    const token = await customer();
    const refused = await world.order({ key: randomUUID(), token, body: { payment: { token: 'tok_declined' } } });
    const id = String(refused.body['orderId']);
    expect(await send(`/${id}/payments`, token, { payment: { token: 'tok_declined' } })).toMatchObject({ status: 402 });
    const key = randomUUID();
    const paid = await send(`/${id}/payments`, token, { payment: { token: 'tok_ok' } }, key);
    expect(paid).toMatchObject({ status: 201, body: { id, status: 'paid' } });
    expect(await send(`/${id}/payments`, token, { payment: { token: 'tok_ok' } }, key)).toMatchObject({ status: 201, text: paid.text });
    expect(await send(`/${id}/payments`, token, { payment: { token: 'tok_ok' } })).toMatchObject({ status: 409 });
    expect((await world.charges(id)).filter(({ status }) => status === 'succeeded')).toHaveLength(1);
  });
});

describe('a paid order whose stock is gone', () => {
  it('is cancelled and its money goes back', async () => {
    const order = await bought();
    const data = { orderId: order.id, shortages: [{ sku: 'LAMP', requested: 3, available: 0 }] };
    await world.product.publish([createEvent(stockRejected, { source: 'product', subject: order.id, data })]);
    await eventually(async () => expect(await look(order)).toMatchObject({ status: 'cancelled', reason: 'out-of-stock', refunded: order.total }));
    expect(await world.charges(order.id)).toMatchObject([{ refunded: order.total.amount }]);
  });
});

const notice = (payment: object): { id: string; body: Buffer } => ({ id: `evt_${randomUUID()}`, body: Buffer.from(JSON.stringify({ id: 'evt_1', type: 'payment.succeeded', data: payment })) });
const hear = async ({ id, body }: { id: string; body: Buffer }, { at = Date.now(), secret = world.env['PAYMENT_WEBHOOK_SECRETS'] ?? '' } = {}): Promise<Answer> =>
  readAnswer(
    await fetch(`${world.url}/api/orders/webhooks/payments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'webhook-id': id, 'webhook-signature': signWebhook([secret], id, body, Math.floor(at / 1000)) },
      body: new Uint8Array(body),
    }),
  );

describe('a webhook of the provider', () => {
  it('is refused when forged or old, and changes nothing when it comes again', async () => {
    const order = await bought();
    const [payment] = await world.charges(order.id);
    const message = notice(payment ?? {});
    expect((await hear(message, { secret: 'somebody-elses-secret' })).status).toBe(401);
    expect((await hear(message, { at: Date.now() - 301_000 })).status).toBe(401);
    for (let time = 0; time < 3; time += 1) expect(await hear(message)).toMatchObject({ status: 200, body: { taken: true } });
    expect(await look(order)).toMatchObject({ status: 'paid' });
    expect(await hear(notice({ id: 'sim_1', key: 'pay_unknown', status: 'succeeded' }))).toMatchObject({ status: 200, body: { taken: false } });
  });

  it('refunds what was captured after its order had expired', async () => {
    world.product.holdMs = 2000;
    const token = await customer();
    const { body } = await world.order({ key: randomUUID(), token });
    world.product.holdMs = 900_000;
    const id = String(body['orderId']);
    const row = await world.db.collection<{ _id: string; orderId: string }>('payments').findOne({ orderId: id });
    const charge = await fetch(`${world.simulator.url}/v1/payments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': row?._id ?? '' },
      body: JSON.stringify({ amount: 5997, currency: 'EUR', token: 'tok_ok', reference: id }),
    });
    expect(await hear(notice((await charge.json()) as object))).toMatchObject({ status: 200 });
    await eventually(async () => expect(await world.charges(id)).toMatchObject([{ amount: 5997, refunded: 5997 }]));
    expect(await look({ id, token })).toMatchObject({ status: 'expired' });
  });
});

describe('reconciliation', () => {
  it('settles a payment whose answer and webhooks were all lost', async () => {
    const order = await bought();
    // As if the worker had died before it could note the answer, and nobody had come by since.
    const orders = world.db.collection<{ _id: string }>('orders');
    await orders.updateOne({ _id: order.id }, { $set: { status: 'awaiting_payment' }, $pull: { timeline: { status: 'paid' } } as never });
    await world.db.collection('payments').updateOne({ orderId: order.id }, { $set: { status: 'pending' } });
    const { app, close } = await world.startAnother();
    await eventually(async () => {
      await app.get(Reconciler, { strict: false }).reconcile(new Date(Date.now() + 3000));
      expect(await look(order)).toMatchObject({ status: 'paid' });
    });
    await close();
  });
});

describe('the statistics', () => {
  it('count each paid order once, by day and currency, for managers only', async () => {
    const { app, close } = await world.startAnother();
    const rollUp = app.get(SalesRollUp, { strict: false });
    const read = async (token = staff): Promise<Answer> => readAnswer(await fetch(`${world.url}/api/orders/stats`, { headers: { authorization: `Bearer ${token}` } }));
    interface Totals {
      orders: number;
      pieces: number;
      revenue: Money;
      refunded: Money;
      cancelled: number;
    }
    const totals = async (): Promise<Totals> => ((await read()).body['totals'] as Totals[])[0] ?? { orders: 0, pieces: 0, revenue: money(0, 'EUR'), refunded: money(0, 'EUR'), cancelled: 0 };
    await rollUp.rollUp();
    const before = await totals();
    const [one] = [await bought(), await bought()];
    await send(`/${one.id}/cancel`, one.token, {});
    await eventually(async () => expect(await look(one)).toMatchObject({ refunded: one.total }));
    await Promise.all([rollUp.rollUp(), rollUp.rollUp()]);
    await rollUp.rollUp();
    const after = await totals();
    expect(after).toMatchObject({ orders: before.orders + 2, pieces: before.pieces + 6, cancelled: before.cancelled + 1 });
    expect([after.revenue.amount - before.revenue.amount, after.refunded.amount - before.refunded.amount]).toEqual([2 * one.total.amount, one.total.amount]);
    expect((await read(one.token)).status).toBe(403);
    await close();
  });
});
