import { Cache } from '@shopfleet/cache';
import { isRole, mayActAs, roles, type Role } from '@shopfleet/identity';
import { newId } from '@shopfleet/kernel';
import { RedisCacheClient } from '@shopfleet/redis';
import { MongoClient, type ClientSession, type Db } from 'mongodb';
import { UsageError, type CommandLine } from './command-line.ts';
import type { Context } from './context.ts';
import { printTable } from './print.ts';

/** What stands here of an account and of an audit row of the auth service (accounts.schema.ts, audit.schema.ts). */
interface AccountDocument {
  readonly _id: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly partnerId?: string;
  readonly version: number;
}
interface AuditDocument {
  readonly _id: string;
  readonly [field: string]: unknown;
}

/**
 * admin list | admin grant EMAIL [ROLE]: who runs the shop. In production nobody is born an admin and only a super admin
 * makes one through the API: the first comes from here, by whoever may write into auth's database.
 */
export async function admin(context: Context, line: CommandLine): Promise<void> {
  const work = { list, grant }[line.words[1] ?? ''];
  if (work === undefined) throw new UsageError('admin takes list or grant EMAIL [ROLE].');
  const { mongo, surroundings: { authDatabase } } = context;
  if (authDatabase === undefined) return await work(context, mongo.db('shop_auth'), line);
  const client = new MongoClient(authDatabase, { serverSelectionTimeoutMS: 5_000, appName: 'ops' });
  try {
    await work(context, client.db(), line);
  } finally {
    await client.close();
  }
}

async function list({ actor, print }: Context, db: Db, { json }: CommandLine): Promise<void> {
  const leading = roles.filter((role) => mayActAs([role], ['admin']));
  const found = await accountsIn(db).find({ roles: { $in: leading } }).sort({ email: 1 }).limit(1_000).toArray();
  await note(db, { actor, action: 'ops.admin-list', target: 'admins' });
  if (json) return print(JSON.stringify(found.map(({ _id: id, email, name, roles: held, emailVerified }) => ({ id, email, name, roles: held, emailVerified })), undefined, 2));
  if (found.length === 0) return print('Nobody runs this shop yet: register in it, follow the link in the mail, then admin grant EMAIL.');
  printTable(print, ['email', 'name', 'roles', 'verified'], found.map(({ email, name, roles: held, emailVerified }) => [email, name, held.join(', '), emailVerified ? 'yes' : 'no']));
}

async function grant({ actor, print, surroundings }: Context, db: Db, { words: [, , given, wanted = 'super-admin'], json }: CommandLine): Promise<void> {
  const role = wanted.replaceAll('_', '-');
  if (given === undefined) throw new UsageError('Say to whom: admin grant ada@example.com, or admin grant ada@example.com manager.');
  if (!isRole(role)) throw new UsageError(`There is no role "${wanted}"; there are ${roles.join(', ')}.`);
  // As the service reads an address.
  const email = given.trim().toLowerCase();
  const { account, isNew } = await db.client.withSession((session) =>
    session.withTransaction(() => grantOnce(db, { email, role, actor }, session), { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', journal: true }, maxCommitTimeMS: 5_000 }),
  );
  const isForgotten = await forget(surroundings.redisCache, account._id).then(() => true, () => false);
  if (json) return print(JSON.stringify({ id: account._id, email, roles: account.roles, changed: isNew }));
  if (!isNew) return print(`${email} has the role ${role} already; nothing was changed.`);
  print(`${email} has the role ${role} now. It holds from the next login, or from the next access token: within 15 minutes.`);
  if (!isForgotten) print('redis-cache cannot be reached: the page of the account may show the old roles for five minutes.');
}

/** The change and its audit row together, as the service makes them when an admin changes roles. */
async function grantOnce(db: Db, { email, role, actor }: { readonly email: string; readonly role: Role; readonly actor: string }, session: ClientSession): Promise<{ account: AccountDocument; isNew: boolean }> {
  const account = await accountsIn(db).findOne({ email }, { session });
  if (account === null) throw new Error(`Nobody has registered with ${email}: register with it in the shop, follow the link in the mail, then type this again.`);
  if (!account.emailVerified) throw new Error(`${email} is not verified: follow the link in the mail (registering again sends another one), then type this again.`);
  if (account.roles.includes(role)) return { account, isNew: false };
  if (role === 'partner-owner' && account.partnerId === undefined) throw new Error(`${email} belongs to no partner, and a partner owner without one may do nothing: nothing was changed.`);
  const next = roles.filter((known) => known === role || account.roles.includes(known));
  const { matchedCount } = await accountsIn(db).updateOne({ _id: account._id, version: account.version }, { $set: { roles: next, version: account.version + 1 } }, { session });
  if (matchedCount === 0) throw new Error('The account was changed at the same moment: type it again.');
  await note(db, { actor, action: 'user.role-change', target: account._id, difference: { roles: { old: account.roles, new: next } } }, session);
  return { account: { ...account, roles: next }, isNew: true };
}

async function note(db: Db, entry: Readonly<Record<string, unknown>>, session?: ClientSession): Promise<void> {
  const row = { _id: newId('aud'), at: new Date(), source: 'ops', ...entry };
  await db.collection<AuditDocument>('audit').insertOne(row, session === undefined ? { writeConcern: { w: 'majority', journal: true } } : { session });
}

/** What `/api/auth/me` keeps of the account. */
async function forget(redisCache: string, userId: string): Promise<void> {
  const redis = new RedisCacheClient(redisCache);
  try {
    // What is invalidated before there is a connection would be told later, when this process is gone.
    await redis.ping();
    const cache = new Cache({ namespace: 'auth', client: redis });
    await cache.invalidate([`user:${userId}`]);
    await cache.drain();
  } finally {
    await redis.onApplicationShutdown();
  }
}

const accountsIn = (db: Db) => db.collection<AccountDocument>('accounts');
