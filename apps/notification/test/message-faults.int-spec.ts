import { setTimeout as pause } from 'node:timers/promises';
import { DeadLetters } from '@shopfleet/messaging';
import { eventually, killServer, restartServer, seededRandom, seedOfRun } from '@shopfleet/testing';
import { afterEach, expect, test } from 'vitest';
import { smtpConnections } from '../src/mail/smtp.sender.ts';
import { NotificationWorld, paid } from './notification-world.ts';

// The long form is FAULT_EVENTS=2000; FAULT_SEED replays a run.
const count = Number(process.env['FAULT_EVENTS'] ?? 150);

let world: NotificationWorld;
afterEach(async () => {
  await world.close();
});

test(`of ${count} events no mail is lost when broker, workers, Redis and mail server are killed at random moments`, { timeout: 600_000 }, async () => {
  world = await NotificationWorld.start({ processes: 2 });
  const random = seededRandom(seedOfRun());
  const sent = (): Promise<number> => world.mails.countDocuments({ state: 'sent' });
  const events = Array.from({ length: count }, () => paid());
  const publishing: Promise<void>[] = [];

  const faults: readonly [string, () => Promise<void>][] = [
    ['worker', () => world.replaceWorker(0)],
    ['mail server', async () => {
      await world.mailbox.kill();
      await pause(500);
      await world.mailbox.run();
    }],
    ['redis-state', async () => {
      await killServer('redis-state');
      await restartServer('redis-state');
    }],
    ['rabbitmq', async () => {
      await killServer('rabbitmq');
      await restartServer('rabbitmq');
    }],
    ['worker', () => world.replaceWorker(1)],
  ];
  // Each fault strikes while its share of the events is worked off, the last share comes after them.
  const share = Math.ceil(count / (faults.length + 1));
  const publishShare = (index: number): void => {
    // As the relay does: until the broker has confirmed each of them.
    publishing.push(...events.slice(index * share, (index + 1) * share).map((event) => world.publishUntilConfirmed(event)));
  };
  const underWay: number[] = [];
  for (const [index, [name, strike]] of [...faults].sort(() => random() - 0.5).entries()) {
    publishShare(index);
    const moment = Math.floor((index + random()) * share);
    await eventually(async () => expect(await sent()).toBeGreaterThanOrEqual(moment), { timeoutMs: 120_000, intervalMs: 5 });
    underWay.push((index + 1) * share - (await sent()));
    await strike();
    process.stderr.write(`${name} killed with ${underWay.at(-1)} of ${share} under way\n`);
  }
  publishShare(faults.length);
  await Promise.all(publishing);
  expect(underWay.filter((mails) => mails > 0).length, 'faults that struck in the middle').toBeGreaterThan(1);
  await eventually(async () => expect(await sent()).toBe(count), { timeoutMs: 240_000, intervalMs: 500 });

  const received = await world.mailbox.everything();
  const recipients = new Set(received.flatMap(({ to }) => to));
  expect(events.filter(({ data }) => !recipients.has(data.contact.email))).toEqual([]);
  expect(new Set(received.map(({ messageId }) => messageId)).size, 'what came twice has one Message-ID').toBe(count);
  // Two workers and one mail server were killed: what each had on its way.
  expect(received.length - count).toBeLessThanOrEqual(4 * smtpConnections);
  expect(await world.notifications.countDocuments()).toBe(count);
  const letters = await DeadLetters.connect(world.rabbitmqUrl);
  expect(await letters.list({ service: 'notification' })).toEqual([]);
  await letters.close();
});
