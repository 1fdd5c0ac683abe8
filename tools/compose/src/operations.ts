import { randomUUID } from 'node:crypto';
import { Buyer, type ShopAddress } from './buyer.ts';
import { type Checks, eventually, type Say } from './checks.ts';
import { docker, type ComposeProject } from './docker.ts';
import { allWell } from './stack.ts';

const password = 'wolken treiben leise';

/** With which options of compose a shop is started, and what of it is gone with the machines. Pictures and backups are elsewhere in earnest. */
export interface Disaster {
  readonly profile: readonly string[];
  readonly lostVolumes: readonly string[];
}
const oneOfEach: Disaster = { profile: [], lostVolumes: ['mongo-1', 'redis-state', 'rabbitmq-1'] };

/** What an operator types in containers: the first administrator, and a restore after the servers' data are gone. */
export async function checkOperations(checks: Checks, project: ComposeProject, shop: ShopAddress): Promise<void> {
  const email = `${randomUUID()}@example.com`;
  const buyer = new Buyer(shop);
  try {
    const hasAdmin = await checks.check('gets its first administrator by the service "ops"', () => makeAdministrator(project, buyer, shop, email));
    await checks.check('shows what waits, and clears caches, by the service "ops"', () => operate(project));
    await checks.check('is put back from its backup when the data of its servers are gone, and sells', async (say) => {
      await restore(project, buyer, oneOfEach, say);
      if (hasAdmin) await expectAdministrator(buyer, email);
    });
  } finally {
    await buyer.close();
  }
}

async function makeAdministrator(project: ComposeProject, buyer: Buyer, { mailbox }: ShopAddress, email: string): Promise<void> {
  expectStatus(await buyer.ask('/api/auth/register', { method: 'POST', body: { email, password, name: 'Ada' } }), 202);
  const refused = await ops(project, 'admin', 'grant', email).catch((error: unknown) => String(error));
  if (!refused.includes('is not verified')) throw new Error(`an address that nobody has proved: ${refused}`);
  const token = await eventually('the mail with the link', async () => {
    const { items: [mail] } = await read<{ items: { id: string }[] }>(`${mailbox}/api/messages?to=${encodeURIComponent(email)}`);
    const { text } = mail === undefined ? {} : await read<{ text?: string }>(`${mailbox}/api/messages/${mail.id}`);
    return /token=([\w.~-]+)/u.exec(text ?? '')?.[1];
  });
  expectStatus(await buyer.ask('/api/auth/verify-email', { method: 'POST', body: { token } }), 200);
  await ops(project, 'admin', 'grant', email);
  await expectAdministrator(buyer, email);
}

async function operate(project: ComposeProject): Promise<void> {
  const outboxes = await ops(project, 'outbox', 'status');
  for (const service of ['auth', 'cart', 'notification', 'order', 'product']) if (!outboxes.includes(service)) throw new Error(`no outbox of ${service}: ${outboxes}`);
  await ops(project, 'queue', 'stats');
  await ops(project, 'dlq', 'list');
  await ops(project, 'cache', 'clear', 'lists');
}

/** Takes a backup and an increment, loses the data of the servers, restores and buys. */
export async function restore(project: ComposeProject, buyer: Buyer, { profile, lostVolumes }: Disaster, say: Say): Promise<void> {
  const earlier = await buyer.buy();
  await ops(project, 'backup');
  const since = await buyer.buy();
  // An increment: what was bought since is replayed from the oplog.
  await ops(project, 'backup');
  const refused = await ops(project, 'restore', '--replace').catch((error: unknown) => String(error));
  if (!refused.includes('stop it first')) throw new Error(`a restore under a running shop: ${refused}`);
  await project.compose(...profile, 'down', '--timeout', '20');
  for (const name of lostVolumes) await docker(['volume', 'rm', `${project.name}_${name}`]);
  await project.compose('up', '-d', '--no-build', 'mongo-1');
  say(await ops(project, 'restore'));
  await project.compose(...profile, 'up', '-d', '--no-build');
  await allWell(project, { patienceMs: 300_000, say });
  for (const order of [earlier, since]) await eventually('an order of before', () => buyer.expectPaid(order));
  await buyer.buy();
}

async function expectAdministrator(buyer: Buyer, email: string): Promise<void> {
  const token = await eventually('a login', async () => {
    const { status, body } = await buyer.ask<{ accessToken?: string }>('/api/auth/login', { method: 'POST', body: { email, password } });
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body.accessToken;
  });
  expectStatus(await buyer.ask('/api/auth/users', { headers: { authorization: `Bearer ${token}` } }), 200);
}

const ops = (project: ComposeProject, ...args: readonly string[]): Promise<string> => project.compose('run', '--rm', 'ops', ...args);

async function read<T>(url: string): Promise<T> {
  return (await (await fetch(url, { signal: AbortSignal.timeout(5000) })).json()) as T;
}

function expectStatus({ status, body }: { readonly status: number; readonly body: unknown }, expected: number): void {
  if (status !== expected) throw new Error(`${status} instead of ${expected}: ${JSON.stringify(body).slice(0, 300)}`);
}
