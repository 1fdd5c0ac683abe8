import { createEvent, imageFailed, orderCancelled, orderRefunded, orderRejected, stockLow, userErased } from '@shopfleet/contracts';
import { newId } from '@shopfleet/kernel';
import { eventually } from '@shopfleet/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NotificationList } from '../src/inbox/notifications.requests.ts';
import { NotificationWorld, paid, registered } from './notification-world.ts';

let world: NotificationWorld;
beforeAll(async () => {
  world = await NotificationWorld.start();
});
afterAll(async () => {
  await world.close();
});

const mailsTo = (address: string) => world.mailbox.mailsTo(address);
const listOf = async (userId: string, query = '', roles = ['customer']): Promise<NotificationList> =>
  (await (await world.request(`/api/notifications${query}`, { as: userId, roles })).json()) as NotificationList;

test('a registration that is delivered three times is mailed about once, with the token fetched from auth', async () => {
  const event = registered({ name: 'Ada & <b>Co</b>' });
  world.auth.mailTokens.set(event.data.tokenRef, 'tok.of-ada');
  await world.publish(event, 3);
  await world.settled();
  const [mail, ...more] = await eventually(async () => {
    const mails = await mailsTo(event.data.contact.email);
    expect(mails).not.toHaveLength(0);
    return mails;
  });
  expect(more).toEqual([]);
  expect(mail?.subject).toBe('Confirm your e-mail address');
  expect(mail?.text).toContain('https://localhost:8080/verify-email.html?token=tok.of-ada');
  expect(mail?.html).toContain('Ada &#38; &#60;b&#62;Co&#60;/b&#62;');
  expect(mail?.messageId).toBe(`<${event.id.slice('evt_'.length)}.verify-email@notification.shopfleet>`);
  const stored = await world.mails.findOne({ to: event.data.contact.email });
  expect(stored).toMatchObject({ state: 'sent', attempts: 1 });
  expect(JSON.stringify(stored)).not.toContain('tok.of-ada');
});

test('a paid order gives one mail and one notification, however often it is delivered', async () => {
  const event = paid();
  await world.publish(event, 3);
  await world.settled();
  const mails = await eventually(async () => {
    const found = await mailsTo(event.data.contact.email);
    expect(found).not.toHaveLength(0);
    return found;
  });
  expect(mails.map((mail) => mail.subject)).toEqual(['Your order SF-7K3M-9Q2P is confirmed']);
  expect(mails[0]?.text).toContain('2 × Brass desk lamp, small: €99.80');
  const { items, unread } = await listOf(event.data.userId ?? '');
  expect(items).toEqual([
    {
      id: expect.stringMatching(/^ntf_/u) as string,
      kind: 'order-paid',
      title: 'Order confirmed',
      body: 'Order SF-7K3M-9Q2P over €99.80 is paid.',
      link: `/api/orders/${event.data.orderId}`,
      read: false,
      createdAt: expect.any(String) as string,
    },
  ]);
  expect(unread).toBe(1);
});

test('a guest gets the mail only, a German reader gets it in German, and markup in a product name stays text', async () => {
  const event = paid({ guest: true, locale: 'de-AT', productName: '<img src=x onerror=alert(1)> Größe "L"' });
  await world.publish(event);
  const [mail] = await eventually(async () => {
    const mails = await mailsTo(event.data.contact.email);
    expect(mails).toHaveLength(1);
    return mails;
  });
  expect(mail?.subject).toBe('Ihre Bestellung SF-7K3M-9Q2P ist bestätigt');
  expect(mail?.text).toContain('2 × <img src=x onerror=alert(1)> Größe "L", small: 99,80\u00a0€');
  expect(mail?.html).toContain('&#60;img src=x onerror=alert(1)&#62; Größe &#34;L&#34;');
  expect(mail?.html).not.toContain('<img');
  expect(await world.notifications.countDocuments({ eventId: event.id })).toBe(0);
});

test('a rejected and a declined order are told of', async () => {
  const userId = newId('usr');
  const contact = { email: `${userId}@example.com`, locale: 'en' };
  const order = { orderId: newId('ord'), number: 'SF-1', userId, contact };
  await world.publish(createEvent(orderRejected, { source: 'order', subject: order.orderId, data: { ...order, reason: 'out-of-stock' } }));
  await world.publish(createEvent(orderCancelled, { source: 'order', subject: order.orderId, data: { ...order, reason: 'payment-declined' } }));
  await eventually(async () => {
    const subjects = (await mailsTo(contact.email)).map((mail) => mail.subject).sort();
    expect(subjects).toEqual(['We cannot deliver your order SF-1', 'Your order SF-1 was cancelled']);
  });
  const { items } = await listOf(userId);
  expect(items.map((item) => item.kind).sort()).toEqual(['order-cancelled', 'order-rejected']);
});

test('the list is read by cursor, newest first, and marked as read', async () => {
  const userId = newId('usr');
  for (let n = 0; n < 5; n++) {
    await world.publish(paid({ userId }));
    await eventually(async () => expect((await listOf(userId)).items).toHaveLength(n + 1));
  }
  const all = (await listOf(userId)).items.map((item) => item.id);
  expect([...all].sort().reverse()).toEqual(all);
  const first = await listOf(userId, '?limit=2');
  const second = await listOf(userId, `?limit=2&cursor=${first.nextCursor ?? ''}`);
  const third = await listOf(userId, `?limit=2&cursor=${second.nextCursor ?? ''}`);
  expect([first, second, third].flatMap((page) => page.items.map((item) => item.id))).toEqual(all);
  expect(third.nextCursor).toBeNull();

  const path = `/api/notifications/${all[0] ?? ''}/read`;
  for (let again = 0; again < 2; again++) {
    const answer = await world.request(path, { as: userId, method: 'PATCH' });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ id: all[0], read: true });
  }
  expect((await listOf(userId)).unread).toBe(4);
  expect((await listOf(userId, '?unread=true')).items.map((item) => item.id)).toEqual(all.slice(1));
});

test("somebody else's notification is 404, no token 401, and a wrong question 400", async () => {
  const event = paid();
  await world.publish(event);
  const { items } = await eventually(async () => {
    const list = await listOf(event.data.userId ?? '');
    expect(list.items).toHaveLength(1);
    return list;
  });
  const path = `/api/notifications/${items[0]?.id ?? ''}/read`;
  const stranger = await world.request(path, { as: newId('usr'), method: 'PATCH' });
  expect(stranger.status).toBe(404);
  expect(await stranger.json()).toMatchObject({ code: 'not-found' });
  expect((await listOf(event.data.userId ?? '')).items[0]?.read).toBe(false);
  expect((await world.request('/api/notifications')).status).toBe(401);
  expect((await world.request(path, { method: 'PATCH' })).status).toBe(401);
  expect((await world.request('/api/notifications?page=1', { as: newId('usr') })).status).toBe(400);
  expect((await world.request('/api/notifications?cursor=nonsense', { as: newId('usr') })).status).toBe(400);
  expect((await world.request('/api/notifications/not-an-id/read', { as: newId('usr'), method: 'PATCH' })).status).toBe(400);
});

test('low stock is told to staff, and each of them reads it for themselves', async () => {
  const sku = newId('sku');
  await world.publish(createEvent(stockLow, { source: 'product', subject: sku, data: { sku, productId: newId('prd'), available: 2, lowAt: 5 } }));
  const [employee, manager, customer] = [newId('usr'), newId('usr'), newId('usr')];
  const mine = async (user: string, role: string) => (await listOf(user, '', [role])).items.filter((item) => item.body.includes(sku));
  const [notice] = await eventually(async () => {
    const found = await mine(employee, 'employee');
    expect(found).toHaveLength(1);
    return found;
  });
  expect(notice?.body).toBe(`${sku}: 2 left, the mark is 5.`);
  expect(await mine(customer, 'customer')).toEqual([]);
  const path = `/api/notifications/${notice?.id ?? ''}/read`;
  expect((await world.request(path, { as: customer, method: 'PATCH' })).status).toBe(404);
  expect((await world.request(path, { as: employee, roles: ['employee'], method: 'PATCH' })).status).toBe(200);
  expect((await mine(employee, 'employee'))[0]?.read).toBe(true);
  expect((await mine(manager, 'manager'))[0]?.read).toBe(false);
});

test('a picture that could not be used is told to staff, with the reason', async () => {
  const productId = newId('prd');
  await world.publish(createEvent(imageFailed, { source: 'product', subject: productId, data: { productId, imageId: newId('img'), reason: 'It is no picture.' } }), 2);
  const mine = async (role: string) => (await listOf(newId('usr'), '', [role])).items.filter((item) => item.link === `/api/products/${productId}`);
  await eventually(async () => expect(await mine('employee')).toMatchObject([{ kind: 'image-failed', body: 'It is no picture. Send another one.' }]));
  expect(await mine('customer')).toEqual([]);
});

test('an erased user has neither notifications nor mails left', async () => {
  const event = paid();
  const userId = event.data.userId ?? '';
  await world.publish(event);
  await eventually(async () => expect(await world.mails.countDocuments({ userId, state: 'sent' })).toBe(1));
  await world.publish(createEvent(userErased, { source: 'auth', subject: userId, data: { userId } }));
  await eventually(async () => {
    expect(await world.mails.countDocuments({ userId })).toBe(0);
    expect(await world.notifications.countDocuments({ audience: `user:${userId}` })).toBe(0);
  });
});

test('nobody is told of an order whose account was erased', async () => {
  const { contact: _contact, ...refunded } = orderRefunded.example;
  const { contact: _other, ...cancelled } = orderCancelled.example;
  const userId = newId('usr');
  await world.publish(createEvent(orderRefunded, { source: 'order', subject: refunded.orderId, data: { ...refunded, userId } }));
  await world.publish(createEvent(orderCancelled, { source: 'order', subject: cancelled.orderId, data: { ...cancelled, userId } }));
  await world.settled();
  expect(await world.mails.countDocuments({ userId })).toBe(0);
  expect(await world.notifications.countDocuments({ audience: `user:${userId}` })).toBe(0);
});

test('every route of the service is in its OpenAPI document, and its health is told', async () => {
  const document = (await (await world.request('/api/notifications/openapi.json')).json()) as { paths: Record<string, object> };
  expect(Object.keys(document.paths).sort()).toEqual([
    '/api/notifications',
    '/api/notifications/preferences',
    '/api/notifications/push-key',
    '/api/notifications/push-subscriptions',
    '/api/notifications/push-subscriptions/{id}',
    '/api/notifications/stream',
    '/api/notifications/stream-tickets',
    '/api/notifications/webhooks',
    '/api/notifications/webhooks/deliveries',
    '/api/notifications/webhooks/deliveries/{id}/redeliver',
    '/api/notifications/webhooks/{id}',
    '/api/notifications/{id}/read',
  ]);
  const health = await world.request('/api/notifications/health');
  expect(health.status).toBe(200);
});
