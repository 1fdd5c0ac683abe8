import { eventually } from '@shopfleet/testing';
import { afterEach, expect, test } from 'vitest';
import { smtpConnections } from '../src/mail/smtp.sender.ts';
import { NotificationWorld, paid } from './notification-world.ts';

let world: NotificationWorld;

afterEach(async () => {
  await world.close();
});

test('of 200 orders no mail is lost when a worker and the mail server are killed in the middle; a mail that comes twice has one Message-ID', async () => {
  world = await NotificationWorld.start({ processes: 2 });
  const events = Array.from({ length: 200 }, (_, n) => paid({ guest: n % 2 === 0, locale: n % 3 === 0 ? 'de' : 'en' }));
  const publishing = Promise.all(events.map((event) => world.publish(event)));
  await eventually(async () => expect(await world.mails.countDocuments({ state: 'sent' })).toBeGreaterThan(10), { intervalMs: 5 });
  await world.workers[1]?.kill('SIGKILL');
  await eventually(async () => expect(await world.mails.countDocuments({ state: 'sent' })).toBeGreaterThan(40), { intervalMs: 5 });
  await world.mailbox.kill();
  await publishing;
  expect(await world.mails.countDocuments({ state: 'sent' })).toBeLessThan(events.length);
  await eventually(async () => expect(await world.mails.countDocuments({ state: 'pending', lastError: /ECONNREFUSED/u })).toBeGreaterThan(0));
  await world.mailbox.run();

  await eventually(async () => expect(await world.mails.countDocuments({ state: 'sent' })).toBe(events.length), { timeoutMs: 150_000, intervalMs: 500 });
  const received = await world.mailbox.everything();
  const times = new Map<string, number>();
  for (const mail of received) for (const address of mail.to) times.set(address, (times.get(address) ?? 0) + 1);
  expect(events.filter((event) => !times.has(event.data.contact.email))).toEqual([]);
  const twice = received.length - events.length;
  // Those on the way at either kill: one worker's connections at the first, the other's at the second.
  expect(twice).toBeLessThanOrEqual(2 * smtpConnections);
  expect(new Set(received.map((mail) => mail.messageId)).size).toBe(events.length);
  expect(await world.notifications.countDocuments()).toBe(events.length / 2);
}, 240_000);
