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

test('the board of queues is for super admins only, by token or by the cookie that /ops gives', async () => {
  const board = '/ops/queues/api/queues';
  expect((await world.request(board)).status).toBe(401);
  expect((await world.request(board, { as: newId('usr'), roles: ['admin'] })).status).toBe(403);
  expect((await world.request('/ops/session', { as: newId('usr'), roles: ['admin'], method: 'POST' })).status).toBe(403);
  const page = await fetch(`${world.url}/ops/queues`, { headers: { accept: 'text/html' }, redirect: 'manual' });
  expect([page.status, page.headers.get('location')]).toEqual([302, '/ops']);
  expect((await fetch(`${world.url}/ops`)).headers.get('content-security-policy')).toContain("frame-ancestors 'none'");

  const session = await world.request('/ops/session', { as: newId('usr'), roles: ['super-admin'], method: 'POST' });
  expect(session.status).toBe(204);
  const cookie = session.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^__Secure-ops=[\w-]{43}; Path=\/ops; Max-Age=900; HttpOnly; Secure; SameSite=Strict$/u);
  await eventually(async () => {
    const answer = await fetch(`${world.url}${board}`, { headers: { cookie: cookie.split(';', 1)[0] ?? '' } });
    expect(answer.status).toBe(200);
    const { queues } = (await answer.json()) as { queues: { name: string }[] };
    expect(queues.map(({ name }) => name)).toEqual(expect.arrayContaining(['mail', 'push', 'webhook']));
  });
  const html = await fetch(`${world.url}/ops/queues`, { headers: { cookie: cookie.split(';', 1)[0] ?? '', accept: 'text/html' } });
  expect(html.status).toBe(200);
  expect(await html.text()).toContain('Shopfleet queues');
});

test.each([['application/json', ''], ['application/json', '{"endpoint":'], ['text/xml', '<a/>']])('a body of %s that cannot be read (%j) is refused with problem details, board or not', async (type, body) => {
  const answer = await world.request('/api/notifications/push-subscriptions', { as: newId('usr'), method: 'POST', headers: { 'content-type': type }, raw: body });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(await answer.json()).toMatchObject({ status: answer.status, code: type === 'text/xml' ? 'unsupported-media-type' : 'validation-failed', requestId: answer.headers.get('x-request-id') });
});

test('what is done on the board is audited, and pages of others cannot do it', async () => {
  const actor = newId('usr');
  const pause = (headers: Record<string, string> = {}) => world.request('/ops/queues/api/queues/mail/pause', { as: actor, roles: ['super-admin'], method: 'PUT', headers });
  expect((await pause({ origin: 'https://evil.example' })).status).toBe(403);
  expect((await pause()).status).toBe(200);
  await world.request('/ops/queues/api/queues/mail/resume', { as: actor, roles: ['super-admin'], method: 'PUT' });
  await eventually(async () => expect(await world.outbox.countDocuments({ 'event.type': 'audit.recorded.v1', 'event.data.actor.id': actor })).toBe(2));
});
