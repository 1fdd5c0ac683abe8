import { eventually, killServer, restartServer } from '@shopfleet/testing';
import { SMTPServer } from 'smtp-server';
import { afterEach, expect, test } from 'vitest';
import { NotificationWorld, paid, registered } from './notification-world.ts';

let world: NotificationWorld;
afterEach(async () => {
  await world.close();
});

test('while the mail server is away mails wait, past the queue’s own tries, and are all delivered once it is back', async () => {
  world = await NotificationWorld.start();
  await world.mailbox.kill();
  const registration = registered();
  world.auth.mailTokens.set(registration.data.tokenRef, 'tok.waited');
  const events = [paid(), paid({ locale: 'de' }), registration];
  for (const event of events) await world.publish(event);
  await eventually(async () => expect(await world.mails.countDocuments({ state: 'pending', attempts: { $gte: 3 } })).toBe(3), { timeoutMs: 20_000 });
  expect(await world.mails.countDocuments({ state: 'pending', lastError: /ECONNREFUSED/u })).toBe(3);
  await world.mailbox.run();
  await eventually(async () => expect(await world.mails.countDocuments({ state: 'sent' })).toBe(3), { timeoutMs: 45_000, intervalMs: 250 });
  for (const event of events) expect(await world.mailbox.mailsTo(event.data.contact.email)).toHaveLength(1);
}, 90_000);

test('while auth is away the verification mail waits, and other mails do not', async () => {
  world = await NotificationWorld.start();
  world.auth.away = true;
  const registration = registered();
  world.auth.mailTokens.set(registration.data.tokenRef, 'tok.later');
  const order = paid();
  await world.publish(registration);
  await world.publish(order);
  await eventually(async () => expect(await world.mailbox.mailsTo(order.data.contact.email)).toHaveLength(1));
  await eventually(async () => expect(await world.mails.countDocuments({ state: 'pending', attempts: { $gte: 1 }, claimedUntil: new Date(0) })).toBe(1));
  world.auth.away = false;
  const mails = await eventually(async () => {
    const found = await world.mailbox.mailsTo(registration.data.contact.email);
    expect(found).toHaveLength(1);
    return found;
  }, { timeoutMs: 45_000, intervalMs: 250 });
  expect(mails[0]?.text).toContain('tok.later');
}, 90_000);

test('while redis-state is away events are taken, and their mails go out when it is back', async () => {
  world = await NotificationWorld.start();
  const event = paid();
  await killServer('redis-state');
  try {
    await world.publish(event);
    await eventually(async () => expect(await world.mails.countDocuments({ state: 'pending' })).toBe(1));
    expect((await world.request('/ready')).status).toBe(200);
  } finally {
    await restartServer('redis-state');
  }
  await eventually(async () => expect(await world.mailbox.mailsTo(event.data.contact.email)).toHaveLength(1), { timeoutMs: 45_000, intervalMs: 250 });
}, 90_000);

test('a mail that the server refuses for good is given up at once, and operations hear of it', async () => {
  const refusing = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    closeTimeout: 100,
    authOptional: true,
    onRcptTo: (_address, _session, callback) => callback(Object.assign(new Error('no such mailbox'), { responseCode: 550 })),
  });
  await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
  const address = refusing.server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has a port');
  world = await NotificationWorld.start({ smtpUrl: `smtp://127.0.0.1:${address.port}` });
  const event = paid();
  await world.publish(event);
  const mail = await eventually(async () => {
    const found = await world.mails.findOne({ state: 'failed' });
    expect(found).not.toBeNull();
    return found;
  });
  expect(mail).toMatchObject({ attempts: 1, lastError: expect.stringContaining('no such mailbox') as string });
  expect(JSON.stringify(await world.outbox.find().toArray())).toContain('notification.failed.v1');
  await new Promise<void>((resolve) => refusing.close(resolve));
}, 60_000);
