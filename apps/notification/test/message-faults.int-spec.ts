import { setTimeout as pause } from 'node:timers/promises';
import { DeadLetters } from '@shopfleet/messaging';
import { eventually, killServer, restartServer } from '@shopfleet/testing';
import { afterEach, expect, test } from 'vitest';
import { smtpConnections } from '../src/mail/smtp.sender.ts';
import { NotificationWorld, paid } from './notification-world.ts';

// The long form is FAULT_EVENTS=2000; FAULT_SEED replays a run.
const count = Number(process.env['FAULT_EVENTS'] ?? 150);
const seed = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000);

let world: NotificationWorld;
afterEach(async () => {
  await world.close();
});

/** Mulberry32: the same moments for the same seed. */
function randomOf(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test(`of ${count} events no mail is lost when broker, workers, Redis and mail server are killed at random moments (seed ${seed})`, { timeout: 600_000 }, async () => {
  world = await NotificationWorld.start({ processes: 2 });
  const random = randomOf(seed);
  const sent = (): Promise<number> => world.mails.countDocuments({ state: 'sent' });
  const events = Array.from({ length: count }, () => paid());
  // As the relay does: until the broker has confirmed each of them.
  const publishing = Promise.all(events.map((event) => world.publishUntilConfirmed(event)));

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
  const killedAt: string[] = [];
  for (const [name, strike] of [...faults].sort(() => random() - 0.5)) {
    const before = await sent();
    await pause(random() * 400);
    killedAt.push(`${name} at ${before}`);
    await strike();
  }
  await publishing;
  await eventually(async () => expect(await sent()).toBe(count), { timeoutMs: 240_000, intervalMs: 500 });
  process.stderr.write(`killed ${killedAt.join(', ')} of ${count} mails sent\n`);

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
