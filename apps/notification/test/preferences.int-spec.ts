import { newId } from '@shopfleet/kernel';
import { eventually } from '@shopfleet/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NotificationWorld, paid } from './notification-world.ts';

let world: NotificationWorld;
beforeAll(async () => {
  world = await NotificationWorld.start();
});
afterAll(async () => {
  await world.close();
});

interface View {
  readonly kinds: { kind: string; mandatory: boolean; channels: Record<string, boolean> }[];
}
const read = async (answer: Response, kind: string) => ((await answer.json()) as View).kinds.find((each) => each.kind === kind);
const path = '/api/notifications/preferences';

test('a person chooses per kind and channel, and is told accordingly', async () => {
  const userId = newId('usr');
  expect(await read(await world.request(path, { as: userId }), 'order-paid')).toEqual({ kind: 'order-paid', mandatory: false, channels: { inbox: true, email: true, push: true } });
  const chosen = await world.request(path, { as: userId, method: 'PUT', body: { kinds: { 'order-paid': { email: false } } } });
  expect(chosen.status).toBe(200);
  expect(await read(chosen, 'order-paid')).toMatchObject({ channels: { inbox: true, email: false, push: true } });
  const event = paid({ userId });
  await world.publish(event);
  await eventually(async () => expect(await world.notifications.countDocuments({ audience: `user:${userId}` })).toBe(1));
  expect(await world.mails.countDocuments({ userId })).toBe(0);

  await world.request(path, { as: userId, method: 'PUT', body: { kinds: { 'order-paid': { inbox: false } } } });
  await world.publish(paid({ userId }));
  await eventually(async () => expect(await world.mails.countDocuments({ userId })).toBe(1));
  expect(await world.notifications.countDocuments({ audience: `user:${userId}` })).toBe(1);
});

test('what secures an account cannot be turned off, kinds for staff are nobody’s choice, and nonsense is refused', async () => {
  const userId = newId('usr');
  const refused = await world.request(path, { as: userId, method: 'PUT', body: { kinds: { 'reset-password': { email: false } } } });
  expect(await refused.json()).toMatchObject({ status: 400, errors: [{ pointer: '/kinds/reset-password/email', message: expect.stringContaining('cannot be turned off') as string }] });
  const kept = await world.request(path, { as: userId, method: 'PUT', body: { kinds: { 'reset-password': { email: true } } } });
  expect(await read(kept, 'reset-password')).toMatchObject({ mandatory: true, channels: { email: true } });
  for (const body of [{ kinds: { 'stock-low': { email: false } } }, { kinds: { nonsense: {} } }, { kinds: { 'order-paid': { sms: true } } }, { kinds: { 'order-paid': { email: 'no' } } }, {}]) {
    expect((await world.request(path, { as: userId, method: 'PUT', body })).status, JSON.stringify(body)).toBe(400);
  }
  expect((await world.request(path)).status).toBe(401);
});
