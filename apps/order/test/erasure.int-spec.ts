import { randomUUID } from 'node:crypto';
import { createEvent, userErased } from '@shopfleet/contracts';
import { money, newId } from '@shopfleet/kernel';
import { eventually } from '@shopfleet/testing';
import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Eraser } from '../src/erasure/eraser.ts';
import { openWorld, readAnswer, type Answer, type OrderWorld } from './order-world.ts';
import { aShopper } from './players.ts';

let world: OrderWorld;
let staff: string;
let eraser: Eraser;

beforeAll(async () => {
  world = await openWorld();
  eraser = (await world.startAnother()).app.get(Eraser);
  await world.product.sell({ LAMP: { price: money(1999, 'EUR'), stock: 10_000 } });
  await eventually(async () => expect(await world.db.collection('price_book').countDocuments()).toBe(1));
  staff = await world.gateway.tokenFor({ userId: aShopper(), roles: ['manager'] });
});
afterAll(() => world.close());

const minutes = 60_000;
const later = (ms: number): Date => new Date(Date.now() + ms);
const ask = async (path: string, token = staff): Promise<Answer> => readAnswer(await fetch(`${world.url}/api/orders${path}`, { headers: { authorization: `Bearer ${token}` } }));
const send = async (path: string, body: object, token = staff): Promise<Answer> =>
  readAnswer(
    await fetch(`${world.url}/api/orders${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': randomUUID(), prefer: 'wait=8' },
      body: JSON.stringify(body),
    }),
  );

interface Customer {
  readonly userId: string;
  readonly token: string;
}
const customer = async (): Promise<Customer> => {
  const userId = aShopper();
  return { userId, token: await world.gateway.tokenFor({ userId, email: `ada.${userId}@example.com` }) };
};
const bought = async ({ userId, token }: Customer): Promise<string> => {
  world.gateway.fillCart(userId, [{ sku: 'LAMP', quantity: 2 }]);
  const { status, body } = await world.order({ key: randomUUID(), token });
  expect(status).toBe(201);
  return String(body['id']);
};
const shipped = async (who: Customer): Promise<string> => {
  const id = await bought(who);
  expect((await send(`/${id}/ship`, { tracking: { carrier: 'Parcel Post', code: 'TRACK-4711' } })).status).toBe(200);
  return id;
};
const delivered = async (who: Customer): Promise<string> => {
  const id = await shipped(who);
  expect((await send(`/${id}/deliver`, {})).status).toBe(200);
  return id;
};
const erase = async ({ userId }: Customer): Promise<void> => {
  const event = createEvent(userErased, { source: 'auth', subject: userId, data: { userId } });
  await world.product.publish([event, event]);
};
const stored = async (id: string): Promise<Document> => (await world.db.collection<{ _id: string }>('orders').findOne({ _id: id })) ?? {};
const personal = /\bAda\b|\bada\.|example\.com|Example Street|Exampleton|"12345"|TRACK-4711/u;
const isErased = (id: string): Promise<void> => eventually(async () => expect(JSON.stringify(await stored(id))).not.toMatch(personal));

describe('when an account is erased', () => {
  it('nobody finds the person in its orders any more, and the books stay', async () => {
    const [who, neighbour] = [await customer(), await customer()];
    const [id, cancelled, another] = [await delivered(who), await bought(who), await delivered(neighbour)];
    await send(`/${cancelled}/cancel`, { reason: 'Ada of Exampleton has moved' }, who.token);
    await send(`/${id}/returns`, { lines: [{ sku: 'LAMP', quantity: 1 }], reason: 'Ada does not like it' }, who.token);
    const before = await ask(`/${id}`);
    const payments = await world.db.collection('payments').find({ orderId: { $in: [id, cancelled] } }).toArray();
    const neighbours = await ask(`/${another}`);
    expect(before.text).toMatch(personal);

    await erase(who);
    await Promise.all([id, cancelled].map(isErased));

    for (const path of [`/${id}`, `/${cancelled}`, `/${id}/timeline`, `/${cancelled}/timeline`]) {
      const answer = await ask(path);
      expect(answer.status).toBe(200);
      expect(answer.text).not.toMatch(personal);
    }
    const { contact: _contact, tracking: _tracking, ...books } = before.body;
    const after = (await ask(`/${id}`)).body;
    expect(after).toEqual({ ...books, shippingAddress: { country: 'DE' }, returns: [{ ...(books['returns'] as object[])[0], reason: 'erased' }] });
    expect((await ask(`/${cancelled}`)).body).toMatchObject({ status: 'cancelled', reason: 'erased', shippingAddress: { country: 'DE' } });
    expect(await stored(id)).toMatchObject({ userId: who.userId });
    expect(await world.db.collection('payments').find({ orderId: { $in: [id, cancelled] } }).toArray()).toMatchObject(payments.map(({ _id, amount }) => ({ _id, amount })));
    expect((await ask(`/${another}`)).body).toEqual(neighbours.body);
  });

  it("what the staff do afterwards works: the goods of a return come back, and so does the money", async () => {
    const who = await customer();
    const id = await delivered(who);
    const asked = await send(`/${id}/returns`, { lines: [{ sku: 'LAMP', quantity: 2 }], reason: 'too small' }, who.token);
    await erase(who);
    await isErased(id);
    const returnId = (asked.body['returns'] as { id: string }[])[0]?.id;
    expect(await send(`/${id}/refunds`, { returnId, reason: 'returned' })).toMatchObject({ status: 201, body: { status: 'done' } });
    expect(await ask(`/${id}`)).toMatchObject({ body: { status: 'refunded' } });
    const told = await world.db.collection('outbox').findOne({ 'event.subject': id, 'event.type': 'order.refunded.v1' });
    expect(JSON.stringify(told)).not.toMatch(personal);
  });

  it('an order that is on its way keeps its address until it has arrived', async () => {
    const who = await customer();
    const [old, id] = [await delivered(who), await shipped(who)];
    await erase(who);
    await isErased(old);
    await eraser.sweep(later(21 * minutes));
    expect(await ask(`/${id}`)).toMatchObject({ body: { shippingAddress: { line1: '1 Example Street' }, contact: { email: `ada.${who.userId}@example.com` } } });
    expect((await send(`/${id}/deliver`, {})).status).toBe(200);
    await eraser.sweep(later(90 * minutes));
    expect((await ask(`/${id}`)).text).not.toMatch(personal);
    expect(await world.db.collection<{ _id: string }>('erasures').findOne({ _id: who.userId })).toBeNull();
  });

  it('an order that is placed with a token from before is found, and one that was not paid cannot be paid any more', async () => {
    const who = await customer();
    const first = await delivered(who);
    world.gateway.fillCart(who.userId, [{ sku: 'LAMP', quantity: 2 }]);
    expect((await world.order({ key: randomUUID(), token: who.token, body: { payment: { token: 'tok_declined' } } })).status).toBe(402);
    const refused = String((await world.db.collection<{ _id: string }>('orders').findOne({ userId: who.userId, status: 'payment_failed' }))?._id);
    await erase(who);
    await Promise.all([first, refused].map(isErased));
    expect(await send(`/${refused}/payments`, { payment: { token: 'tok_ok' } }, who.token)).toMatchObject({ status: 409, body: { code: 'invalid-transition' } });
    const id = await bought(who);
    await send(`/${id}/cancel`, {}, who.token);
    await eraser.sweep(later(21 * minutes));
    expect((await ask(`/${id}`)).text).not.toMatch(personal);
    expect(await ask(`/${id}`)).toMatchObject({ body: { reason: 'cancelled-by-customer' } });
  });

  it('one whose orders cannot be read holds up nobody behind it, and is looked at again', async () => {
    const [broken, who] = [await customer(), await customer()];
    const id = await delivered(who);
    // Of a shop of before, say: without the totals that every order has.
    const { totals: _totals, refunded: _refunded, ...unreadable } = await stored(await delivered(broken));
    await world.db.collection('orders').replaceOne({ _id: unreadable['_id'] as never }, unreadable);
    const rows = world.db.collection<{ _id: string; at: Date; dueAt: Date }>('erasures');
    const long = new Date(Date.now() - 60 * minutes);
    await rows.insertMany([{ _id: broken.userId, at: long, dueAt: new Date(0) }, { _id: who.userId, at: long, dueAt: new Date(1) }]);
    await isErased(id);
    await eventually(async () => expect(await rows.findOne({ _id: who.userId })).toBeNull());
    await eventually(async () => expect((await rows.findOne({ _id: broken.userId }))?.dueAt.getTime()).toBeGreaterThan(Date.now() + 30 * minutes));
  });

  it('all of very many orders are reached, and those of guests are left alone', async () => {
    const who = await customer();
    const [id, cart] = [await delivered(who), randomUUID()];
    world.gateway.fillCart(cart, [{ sku: 'LAMP', quantity: 2 }]);
    const guest = await world.order({ key: randomUUID(), headers: { 'x-cart-token': cart }, body: { email: 'ada.guest@example.com' } });
    const model = await stored(id);
    // Of one millisecond each hundred: the cursor has something to settle.
    const many = Array.from({ length: 450 }, (_, n) => ({ ...model, _id: newId('ord'), number: `SF-many-${n}`, effectKey: `many-${n}`, createdAt: new Date(1_700_000_000_000 + Math.floor(n / 100)) }));
    await world.db.collection<{ _id: string }>('orders').insertMany(many);
    await erase(who);
    await eventually(async () => expect(await world.db.collection('orders').countDocuments({ userId: who.userId, contact: { $exists: true } })).toBe(0));
    expect(await world.db.collection('orders').countDocuments({ userId: who.userId, 'shippingAddress.line1': { $exists: true } })).toBe(0);
    expect(await stored(String(guest.body['id']))).toMatchObject({ contact: { email: 'ada.guest@example.com' }, shippingAddress: { name: 'Ada Example' } });
  });
});
