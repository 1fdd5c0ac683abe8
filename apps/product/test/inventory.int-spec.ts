import { randomUUID } from 'node:crypto';
import { stockReserved } from '@shopfleet/contracts';
import { newId } from '@shopfleet/kernel';
import { eventually } from '@shopfleet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HoldExpirySweeper } from '../src/inventory/hold-expiry.sweeper.ts';
import { openProductShop, orderEvents, type ProductShop } from './product-shop.ts';

let shop: ProductShop;
beforeAll(async () => {
  shop = await openProductShop();
});
afterAll(() => shop.close());

const stockOf = async (sku: string) => {
  const row = await shop.collections.stock.findOne({ _id: sku });
  return { onHand: row?.onHand, reserved: row?.reserved };
};
const holdOf = (orderId: string) => shop.collections.holds.findOne({ _id: orderId });
const reaches = (orderId: string, state: string) => eventually(async () => expect((await holdOf(orderId))?.state).toBe(state), { timeoutMs: 15_000 });

// What the ledger adds up to must be what the stock row says, for every SKU, whatever happened.
async function ledgerFits(opening: Readonly<Record<string, number>>): Promise<void> {
  for (const [sku, onHand] of Object.entries(opening)) {
    const movements = await shop.collections.movements.find({ sku }).toArray();
    const sum = (field: 'onHand' | 'reserved'): number => movements.reduce((total, movement) => total + movement[field], 0);
    expect({ sku, ...(await stockOf(sku)) }).toEqual({ sku, onHand: onHand + sum('onHand'), reserved: sum('reserved') });
  }
}

describe('an order', () => {
  it('is held, committed when it is paid, and each step is told once', async () => {
    const order = orderEvents({ 'MUG-1': 2, 'MUG-2': 3 });
    const before = Date.now();
    await shop.publish(order.placed);
    await reaches(order.orderId, 'held');
    // For fifteen minutes from when it was held.
    const heldUntil = (await holdOf(order.orderId))?.expiresAt.getTime() ?? 0;
    expect([heldUntil >= before + 15 * 60_000, heldUntil <= Date.now() + 15 * 60_000]).toEqual([true, true]);
    expect([await stockOf('MUG-1'), await stockOf('MUG-2')]).toEqual([{ onHand: 100, reserved: 2 }, { onHand: 100, reserved: 3 }]);
    const [reserved] = await shop.sent(stockReserved.type, order.orderId);
    expect(reserved).toMatchObject({ causationId: order.placed.id, data: { orderId: order.orderId, lines: [{ sku: 'MUG-1', quantity: 2 }, { sku: 'MUG-2', quantity: 3 }] } });

    await shop.publish(order.paid, order.paid);
    await reaches(order.orderId, 'committed');
    expect([await stockOf('MUG-1'), await stockOf('MUG-2')]).toEqual([{ onHand: 98, reserved: 0 }, { onHand: 97, reserved: 0 }]);
    expect(await shop.sent('stock.committed.v1', order.orderId)).toHaveLength(1);
    await ledgerFits({ 'MUG-1': 100, 'MUG-2': 100 });
  });

  it('that is called off gives its stock back', async () => {
    const order = orderEvents({ 'MUG-3': 4 });
    await shop.publish(order.placed);
    await reaches(order.orderId, 'held');
    await shop.publish(order.cancelled);
    await reaches(order.orderId, 'released');
    expect(await stockOf('MUG-3')).toEqual({ onHand: 100, reserved: 0 });
    expect(await shop.sent('stock.released.v1', order.orderId)).toMatchObject([{ data: { reason: 'payment-declined', lines: [{ sku: 'MUG-3', quantity: 4 }] } }]);
    await ledgerFits({ 'MUG-3': 100 });
  });

  it('that is called off before it was placed here is never held', async () => {
    const order = orderEvents({ 'MUG-4': 1 });
    await shop.publish(order.cancelled);
    await reaches(order.orderId, 'released');
    await shop.publish(order.placed);
    await eventually(async () => expect(await shop.collections.products.db.collection<{ _id: string }>('inbox').findOne({ _id: `inventory.hold:${order.placed.id}` })).not.toBeNull());
    expect(await stockOf('MUG-4')).toEqual({ onHand: 100, reserved: 0 });
    expect(await shop.sent('stock.reserved.v1', order.orderId)).toEqual([]);
  });

  it('gets all of its lines or none, and is told what is short', async () => {
    const order = orderEvents({ 'MUG-5': 1, 'LAMP-L': 6, CUP: 1, UNKNOWN: 1 });
    await shop.publish(order.placed);
    await reaches(order.orderId, 'rejected');
    expect([await stockOf('MUG-5'), await stockOf('LAMP-L')]).toEqual([{ onHand: 100, reserved: 0 }, { onHand: 5, reserved: 0 }]);
    expect(await shop.sent('stock.rejected.v1', order.orderId)).toMatchObject([
      { data: { shortages: [{ sku: 'CUP', requested: 1, available: 0 }, { sku: 'LAMP-L', requested: 6, available: 5 }, { sku: 'UNKNOWN', requested: 1, available: 0 }] } },
    ]);
  });

  it('delivered three times takes the stock once', async () => {
    const order = orderEvents({ 'MUG-6': 7 });
    await shop.publish(order.placed, order.placed, order.placed);
    await reaches(order.orderId, 'held');
    await shop.publish(order.placed);
    const later = orderEvents({ 'MUG-6': 1 });
    await shop.publish(later.placed);
    await reaches(later.orderId, 'held');
    expect(await stockOf('MUG-6')).toEqual({ onHand: 100, reserved: 8 });
    expect(await shop.sent('stock.reserved.v1', order.orderId)).toHaveLength(1);
  });

  it('asked for again is answered again, once, and takes no more', async () => {
    const order = orderEvents({ 'MUG-20': 2 });
    await shop.publish(order.placed);
    await reaches(order.orderId, 'held');
    const again = { ...order.placed, id: newId('evt') };
    await shop.publish(again, again, order.placed);
    await eventually(async () => expect(await shop.sent('stock.reserved.v1', order.orderId)).toHaveLength(2));
    const later = orderEvents({ 'MUG-20': 1 });
    await shop.publish(later.placed);
    await reaches(later.orderId, 'held');
    expect(await shop.sent('stock.reserved.v1', order.orderId)).toHaveLength(2);
    expect(await stockOf('MUG-20')).toEqual({ onHand: 100, reserved: 3 });
  });

  it('that is not paid in time loses its hold; paid late it gets the stock if it is still there', async () => {
    const order = orderEvents({ 'MUG-7': 5 });
    await shop.publish(order.placed);
    await reaches(order.orderId, 'held');
    await shop.collections.holds.updateOne({ _id: order.orderId }, { $set: { expiresAt: new Date(Date.now() - 1) } });
    await Promise.all(shop.workers.map((worker) => worker.app.get(HoldExpirySweeper, { strict: false }).sweep()));
    await reaches(order.orderId, 'released');
    expect(await stockOf('MUG-7')).toEqual({ onHand: 100, reserved: 0 });
    expect(await shop.sent('stock.released.v1', order.orderId)).toMatchObject([{ data: { reason: 'expired' } }]);
    await shop.publish(order.paid);
    await reaches(order.orderId, 'committed');
    expect(await stockOf('MUG-7')).toEqual({ onHand: 95, reserved: 0 });
    await ledgerFits({ 'MUG-7': 100 });
  });

  it('whose hold cannot be released, since the stock does not hold it, holds up nobody behind it', async () => {
    const [damaged, order] = [orderEvents({ 'MUG-21': 1 }), orderEvents({ 'MUG-22': 1 })];
    const sweep = () => shop.workers[0]?.app.get(HoldExpirySweeper, { strict: false }).sweep();
    const expire = (orderId: string, ago: number) => shop.collections.holds.updateOne({ _id: orderId }, { $set: { expiresAt: new Date(Date.now() - ago) } });
    await shop.publish(damaged.placed, order.placed);
    await Promise.all([damaged, order].map(({ orderId }) => reaches(orderId, 'held')));
    await shop.collections.stock.updateOne({ _id: 'MUG-21' }, { $set: { reserved: 0 } });
    await expire(damaged.orderId, 2);
    await expire(order.orderId, 1);
    await sweep();
    await reaches(order.orderId, 'released');
    expect((await holdOf(damaged.orderId))?.state).toBe('held');
    await shop.collections.stock.updateOne({ _id: 'MUG-21' }, { $set: { reserved: 1 } });
    await sweep();
    await reaches(damaged.orderId, 'released');
    await ledgerFits({ 'MUG-21': 100, 'MUG-22': 100 });
  });
});

it('sells ten of ten to two hundred orders at once: ten are held, a hundred and ninety refused, and it shows as sold out', async () => {
  await shop.call('GET', '/api/products/prd_lamp', { worker: 1 });
  const orders = Array.from({ length: 200 }, () => orderEvents({ 'LAMP-S': 1 }));
  await shop.publish(...orders.map(({ placed }) => placed));
  const ids = orders.map(({ orderId }) => orderId);
  await eventually(async () => expect(await shop.collections.holds.countDocuments({ _id: { $in: ids } })).toBe(200), { timeoutMs: 60_000 });
  expect(await shop.collections.holds.countDocuments({ _id: { $in: ids }, state: 'held' })).toBe(10);
  expect(await shop.collections.holds.countDocuments({ _id: { $in: ids }, state: 'rejected' })).toBe(190);
  expect(await stockOf('LAMP-S')).toEqual({ onHand: 10, reserved: 10 });
  expect(await shop.sent('stock.low.v1', 'LAMP-S')).toMatchObject([{ data: { lowAt: 2 } }]);
  await ledgerFits({ 'LAMP-S': 10 });
  await eventually(async () => {
    const { body } = await shop.call('GET', '/api/products/prd_lamp', { worker: 1 });
    expect(body).toMatchObject({ inStock: true, variants: [{ sku: 'LAMP-S', inStock: false }, { sku: 'LAMP-L', inStock: true }] });
  }, { timeoutMs: 1_000 });
}, 90_000);

it('holds and sells to many orders at once what they share, each once', async () => {
  const orders = Array.from({ length: 60 }, (_, n) => orderEvents({ [`MUG-${10 + (n % 3)}`]: 1, 'MUG-13': 1 }));
  await shop.publish(...orders.map(({ placed }) => placed));
  await Promise.all(orders.map(({ orderId }) => reaches(orderId, 'held')));
  await shop.publish(...orders.flatMap(({ paid }) => [paid, paid]));
  await Promise.all(orders.map(({ orderId }) => reaches(orderId, 'committed')));
  expect(await stockOf('MUG-13')).toEqual({ onHand: 40, reserved: 0 });
  await ledgerFits({ 'MUG-10': 100, 'MUG-11': 100, 'MUG-12': 100, 'MUG-13': 100 });
  for (const { orderId } of orders) expect(await shop.sent('stock.committed.v1', orderId)).toHaveLength(1);
});

describe('the inventory API', () => {
  const adjust = async (sku: string, body: unknown, role: 'employee' | 'customer' = 'employee') =>
    shop.call('PATCH', `/api/inventory/${sku}`, { headers: { ...(await shop.token(role)), 'idempotency-key': randomUUID() }, body });

  it('receives goods and shows the ledger, newest first', async () => {
    expect((await adjust('CUP', { change: 12, reason: 'delivery 7', lowAt: 3 })).body).toMatchObject({ sku: 'CUP', onHand: 12, reserved: 0, available: 12, lowAt: 3 });
    expect((await adjust('CUP', { change: -2, reason: 'broken' })).body).toMatchObject({ onHand: 10 });
    const { body } = await shop.call('GET', '/api/inventory/CUP/movements?limit=1', { headers: await shop.token('employee') });
    expect(body).toMatchObject({ items: [{ kind: 'correction', onHand: -2, reason: 'broken' }] });
    const { next } = body['pagination'] as { next: string };
    const older = await shop.call('GET', `/api/inventory/CUP/movements?cursor=${next}`, { headers: await shop.token('employee') });
    expect(older.body).toMatchObject({ items: [{ kind: 'receipt', onHand: 12 }], pagination: { next: null } });
  });

  it('shows in the catalogue that it can be had again', async () => {
    await eventually(async () => expect((await shop.call('GET', '/api/products/cup', { worker: 1 })).body).toMatchObject({ inStock: true }), { timeoutMs: 1_000 });
  });

  it('never lets go what is promised', async () => {
    const order = orderEvents({ 'MUG-8': 60 });
    await shop.publish(order.placed);
    await reaches(order.orderId, 'held');
    const { status, body } = await adjust('MUG-8', { change: -41, reason: 'miscount' });
    expect([status, body['code']]).toEqual([409, 'conflict']);
    expect(await stockOf('MUG-8')).toEqual({ onHand: 100, reserved: 60 });
  });

  it('adjusts once however often it is asked under one key, also when the kept answer is gone', async () => {
    const headers = { ...(await shop.token('employee')), 'idempotency-key': randomUUID() };
    const send = (change: number) => shop.call('PATCH', '/api/inventory/CUP', { headers, body: { change, reason: 'delivery 8' } });
    const forget = () => shop.collections.stock.db.collection('idempotency_keys').deleteMany({});
    const first = await send(5);
    expect(first.status).toBe(200);
    expect((await send(5)).body).toEqual(first.body);
    await forget();
    expect((await send(5)).body).toEqual(first.body);
    await forget();
    expect(await send(6)).toMatchObject({ status: 422, body: { code: 'idempotency-mismatch' } });
  });

  it('is for employees, and knows what it has', async () => {
    expect((await adjust('CUP', { change: 1, reason: 'x' }, 'customer')).status).toBe(403);
    expect((await shop.call('GET', '/api/inventory/CUP/movements')).status).toBe(401);
    expect((await adjust('NONE', { change: 1, reason: 'x' })).status).toBe(404);
    expect((await adjust('CUP', { change: 0, reason: 'x' })).status).toBe(400);
    expect((await adjust('CUP', { onHand: 5 })).status).toBe(400);
  });
});
