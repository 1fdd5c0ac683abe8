import { MongoClient, MongoServerError } from 'mongodb';
import type { Accounts } from '../servers/accounts.ts';
import { ensureMongodAccounts } from '../servers/mongod-accounts.ts';

interface SetConfig {
  readonly version: number;
  readonly members: readonly { readonly _id: number; readonly host: string }[];
}

const name = 'rs0';
const notYetInitialized = 94;

/**
 * A replica set with these members (`host:port`), and the accounts of the services in it. Members that are missing are
 * added one by one; none is taken out.
 *
 * @throws until there is a primary with all members: call it again
 */
export async function ensureReplicaSet(members: readonly string[], accounts: Accounts): Promise<void> {
  const [first = ''] = members;
  await asMember(`${first}/?directConnection=true`, accounts, async (client) => {
    const admin = client.db('admin');
    await admin.command({ replSetGetStatus: 1 }).catch(async (error: unknown) => {
      if (!(error instanceof MongoServerError) || error.code !== notYetInitialized) throw error;
      await admin.command({ replSetInitiate: { _id: name, members: [{ _id: 0, host: first }] } });
    });
  });
  await asMember(`${members.join(',')}/?replicaSet=${name}`, accounts, async (client) => {
    const admin = client.db('admin');
    for (const host of members) {
      const { config } = (await admin.command({ replSetGetConfig: 1 })) as { config: SetConfig };
      if (config.members.some((member) => member.host === host)) continue;
      const added = { _id: Math.max(...config.members.map(({ _id }) => _id)) + 1, host };
      await admin.command({ replSetReconfig: { ...config, version: config.version + 1, members: [...config.members, added] } });
    }
    await ensureMongodAccounts(client, accounts);
  });
}

async function asMember(address: string, accounts: Accounts, work: (client: MongoClient) => Promise<void>): Promise<void> {
  const client = new MongoClient(`mongodb://__system:${accounts.mongodKey}@${address}&authSource=local`, { serverSelectionTimeoutMS: 5000, connectTimeoutMS: 2000, maxPoolSize: 1 });
  try {
    await client.connect();
    await work(client);
  } finally {
    await client.close();
  }
}
