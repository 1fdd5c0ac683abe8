import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@shopfleet/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- what the command writes has to be what the auth service itself reads
import { startAuthService, type AuthService } from '../../../apps/auth/test/auth-service.ts';
// eslint-disable-next-line @nx/enforce-module-boundaries -- as above
import { Shopper } from '../../../apps/auth/test/shopper.ts';
import { run } from '../src/run.ts';

let auth: AuthService;
let shopper: Shopper;
let environment: Record<string, string>;

beforeAll(async () => {
  auth = await startAuthService();
  shopper = new Shopper(auth);
  const { REDIS_CACHE_URL, REDIS_STATE_URL, RABBITMQ_URL, MONGODB_URI } = process.env as Record<string, string>;
  environment = { SHOPFLEET_INSTANCE: 'nowhere', REDIS_CACHE_URL: REDIS_CACHE_URL ?? '', REDIS_STATE_URL: REDIS_STATE_URL ?? '', RABBITMQ_URL: RABBITMQ_URL ?? '', MONGODB_URI: MONGODB_URI ?? '', AUTH_MONGODB_URI: MONGODB_URI ?? '' };
});
afterAll(async () => {
  await auth.close();
});

const ops = async (args: readonly string[], surroundings: Record<string, string> = environment): Promise<{ code: number; out: string; problem: string }> => {
  const [out, problem]: [string[], string[]] = [[], []];
  const code = await run([...args, '--actor', 'test'], surroundings, (line) => out.push(line), (line) => problem.push(line));
  return { code, out: out.join('\n'), problem: problem.join('\n') };
};
const auditRows = (action: string) => auth.collection('audit').find({ action, actor: 'operator:test' }).toArray();

it('makes the first super admin of whoever has registered and verified, once, and the audit log tells of it', async () => {
  expect((await ops(['admin', 'list'])).out).toContain('Nobody runs this shop yet');
  const [first, second] = [await shopper.admitted('first@example.com'), await shopper.admitted('second@example.com')];
  const list = '/api/auth/users';
  expect((await shopper.call('GET', list, { token: first.token })).status).toBe(403);
  expect((await shopper.call('GET', '/api/auth/me', { token: first.token })).body['roles']).toEqual(['customer']);

  const granted = await ops(['admin', 'grant', ' First@Example.com ']);
  expect([granted.code, granted.out]).toEqual([0, expect.stringContaining('first@example.com has the role super-admin now')]);
  // Before the answer that was kept would have ended by itself.
  await eventually(async () => expect((await shopper.call('GET', '/api/auth/me', { token: first.token })).body['roles']).toEqual(['super-admin', 'customer']));
  const token = String((await shopper.login('first@example.com')).body['accessToken']);
  expect((await shopper.call('GET', list, { token })).status).toBe(200);
  const before = await shopper.call('GET', `${list}/${second.userId}`, { token });
  const made = await shopper.call('PATCH', `${list}/${second.userId}`, { token, body: { roles: ['admin'] }, headers: { 'if-match': before.headers.get('etag') ?? '' } });
  expect([made.status, made.body['roles']], 'only a super admin makes admins').toEqual([200, ['admin']]);
  const own = await shopper.call('GET', `${list}/${first.userId}`, { token });
  expect((await shopper.call('PATCH', `${list}/${first.userId}`, { token, body: { roles: ['super-admin'] }, headers: { 'if-match': own.headers.get('etag') ?? '' } })).status, 'the service goes on from this version').toBe(200);

  const again = await ops(['admin', 'grant', 'first@example.com', 'super_admin']);
  expect([again.code, again.out]).toEqual([0, 'first@example.com has the role super-admin already; nothing was changed.']);
  const audited = await shopper.call('GET', `/api/auth/audit?target=${first.userId}&actor=operator:test`, { token });
  expect(audited.body['items']).toEqual([expect.objectContaining({ action: 'user.role-change', source: 'ops', actor: 'operator:test', difference: { roles: { old: ['customer'], new: ['super-admin', 'customer'] } } })]);

  const listed = JSON.parse((await ops(['admin', 'list', '--json'])).out) as { email: string; roles: string[] }[];
  expect(listed.map(({ email, roles }) => [email, roles])).toEqual([['first@example.com', ['super-admin']], ['second@example.com', ['admin']]]);
  expect(await auditRows('ops.admin-list')).toHaveLength(2);
});

it('refuses who is unknown, unverified or without a partner, saying what to do, and changes nothing', async () => {
  await shopper.register('unproved@example.com');
  await shopper.join('customer@example.com');
  const accounts = () => auth.collection('accounts').find({ email: { $in: ['unproved@example.com', 'customer@example.com'] } }).sort({ email: 1 }).toArray();
  const [before, rows] = [await accounts(), await auditRows('user.role-change')];
  expect(await ops(['admin', 'grant', 'nobody@example.com'])).toMatchObject({ code: 1, problem: expect.stringMatching(/^Nobody has registered with nobody@example\.com: register/u) });
  expect(await ops(['admin', 'grant', 'unproved@example.com'])).toMatchObject({ code: 1, problem: expect.stringMatching(/^unproved@example\.com is not verified: follow the link/u) });
  expect(await ops(['admin', 'grant', 'customer@example.com', 'partner-owner'])).toMatchObject({ code: 1, problem: expect.stringContaining('belongs to no partner') });
  expect(await ops(['admin', 'grant'])).toMatchObject({ code: 2, problem: expect.stringContaining('admin grant ada@example.com') });
  expect(await ops(['admin', 'grant', 'customer@example.com', 'king'])).toMatchObject({ code: 2, problem: expect.stringContaining('There is no role "king"; there are super-admin, admin,') });
  expect(await ops(['admin'])).toMatchObject({ code: 2, problem: expect.stringContaining('admin takes list or grant EMAIL [ROLE].') });
  expect([await accounts(), await auditRows('user.role-change')]).toEqual([before, rows]);
});

it('takes addresses from files, as a container has them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ops-'));
  const inFiles = Object.fromEntries(Object.entries(environment).filter(([name]) => name !== 'SHOPFLEET_INSTANCE').map(([name, text]) => {
    writeFileSync(join(folder, name), `${text}\n`);
    return [`${name}_FILE`, join(folder, name)];
  }));
  await shopper.join('staff@example.com');
  expect((await ops(['admin', 'grant', 'staff@example.com', 'employee'], { SHOPFLEET_INSTANCE: 'nowhere', ...inFiles })).out).toContain('has the role employee now');
  const token = String((await shopper.login('staff@example.com')).body['accessToken']);
  expect((await shopper.call('GET', '/api/auth/me', { token })).body['roles']).toEqual(['employee', 'customer']);
});
