import type { Db, MongoClient } from 'mongodb';
import { type AccountName, type Accounts, operatorName, serviceAccounts } from './accounts.ts';

type Grant = { readonly role: string; readonly db: string };

const operatorGrants: readonly Grant[] = ['readWriteAnyDatabase', 'dbAdminAnyDatabase', 'clusterMonitor', 'backup', 'restore'].map((role) => ({ role, db: 'admin' }));

/** Login as a member of the set, by the key file: it works before there is any user, from a container as well. */
export function memberUrl(port: number, accounts: Accounts | undefined): string {
  const login = accounts === undefined ? '' : `__system:${accounts.mongodKey}@`;
  return `mongodb://${login}127.0.0.1:${port}/?directConnection=true${accounts === undefined ? '' : '&authSource=local'}`;
}

/** Makes the account of each service, which may read and write its own database only, and the operator's; again and again. */
export async function ensureMongodAccounts(client: MongoClient, accounts: Accounts): Promise<void> {
  const admin = client.db('admin');
  const { users } = (await admin.command({ usersInfo: 1 })) as { users: readonly { user: string }[] };
  const present = new Set(users.map(({ user }) => user));
  const ensure = (name: AccountName, roles: readonly Grant[]) => ensureUser(admin, present.has(name), name, accounts.password('mongod', name), roles);
  await ensure(operatorName, operatorGrants);
  for (const [name, { database }] of Object.entries(serviceAccounts) as [keyof typeof serviceAccounts, { database: string | undefined }][]) {
    if (database !== undefined) await ensure(name, [{ role: 'readWrite', db: database }]);
  }
}

async function ensureUser(admin: Db, isThere: boolean, name: string, pwd: string, roles: readonly Grant[]): Promise<void> {
  await admin.command({ [isThere ? 'updateUser' : 'createUser']: name, pwd, roles, mechanisms: ['SCRAM-SHA-256'], writeConcern: { w: 'majority' } });
}
