import { cartAbandoned, createEvent, wishlistPriceDropped } from '@shopfleet/contracts';
import { newId } from '@shopfleet/kernel';
import { eventually } from '@shopfleet/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NotificationWorld } from './notification-world.ts';

let world: NotificationWorld;
beforeAll(async () => {
  world = await NotificationWorld.start();
});
afterAll(async () => {
  await world.close();
});

/** A customer whom auth knows. */
function aCustomer(locale = 'en'): { userId: string; email: string } {
  const userId = newId('usr');
  const email = `${userId.slice(-12)}@example.com`;
  world.auth.contacts.set(userId, { email, locale });
  return { userId, email };
}

const dropFor = (userId: string) => createEvent(wishlistPriceDropped, { source: 'cart', subject: userId, data: { ...wishlistPriceDropped.example, userId } });

test('a fallen price is told by mail and in the list, once, in the customer’s language', async () => {
  const { userId, email } = aCustomer('de');
  await world.publish(dropFor(userId), 3);
  await world.settled();
  await eventually(async () => expect((await world.mailbox.mailsTo(email)).map(({ subject }) => subject)).toEqual(['Brass desk lamp kostet jetzt weniger']));
  expect(await world.notifications.find({ audience: `user:${userId}` }).toArray()).toMatchObject([{ kind: 'price-dropped', title: 'Ein Wunsch kostet weniger' }]);
});

test('a cart left behind is told of once', async () => {
  const { userId, email } = aCustomer();
  const { contact: _, ...data } = cartAbandoned.example;
  await world.publish(createEvent(cartAbandoned, { source: 'cart', subject: data.cartId, data: { ...data, userId } }), 2);
  await world.settled();
  await eventually(async () => expect((await world.mailbox.mailsTo(email)).map(({ subject }) => subject)).toEqual(['Something is waiting in your cart']));
  expect(await world.notifications.countDocuments({ audience: `user:${userId}` })).toBe(1);
});

test('somebody whom auth does not know is not written to, and auth being away only delays', async () => {
  const gone = newId('usr');
  await world.publish(dropFor(gone));
  await world.settled();
  expect(await world.notifications.countDocuments({ audience: `user:${gone}` })).toBe(0);

  const { userId } = aCustomer();
  world.auth.away = true;
  await world.publish(dropFor(userId));
  await eventually(() => expect(world.auth.turnedAway).toBeGreaterThan(0));
  world.auth.away = false;
  await eventually(async () => expect(await world.notifications.countDocuments({ audience: `user:${userId}` })).toBe(1), { timeoutMs: 20_000 });
}, 40_000);
