import type { Instance } from '@shopfleet/local';
import { Guest, openShop } from '@shopfleet/shoppers';
import { MongoClient } from 'mongodb';
import { BackupError } from './backup-error.ts';
import { takeBackup } from './backup.ts';
import { digests } from './digest.ts';
import type { Disaster } from './drill.ts';
import { chainTo, readSets } from './sets.ts';
import { sourceOf } from './shop.ts';
import type { Vault } from './vault.ts';

// Within what anybody may order in 15 minutes from one address.
const ordersBefore = 3;
const ordersAfter = 2;

/** Backs a running shop up while it sells: a full backup, orders, an increment, and orders that are lost with it. */
export async function prepare(instance: Instance, vault: Vault, report: (text: string) => void): Promise<Disaster> {
  const shop = openShop(instance);
  try {
    const source = await sourceOf(instance);
    const full = await takeBackup(source, vault, { full: true });
    report(`✓ full backup      ${full.dump?.collections.reduce((sum, { documents }) => sum + documents, 0)} documents, ${full.pictures} pictures, ${seconds(full.tookMs)}`);
    const before = await buy(shop, ordersBefore);
    const increment = await takeBackup(source, vault);
    report(`✓ increment        ${increment.oplog?.operations} operations, ${seconds(increment.tookMs)}`);
    const content = await contentOf(source.mongoUrl, source.databases, increment.until);
    const after = await buy(shop, ordersAfter);
    report(`✓ orders           ${before.length} paid before the increment, ${after.length} after it`);
    return { vault, chain: chainTo(await readSets(vault)), before, after, content };
  } finally {
    await shop.close();
  }
}

async function buy(shop: ReturnType<typeof openShop>, count: number): Promise<string[]> {
  const ids: string[] = [];
  const [sku = ''] = await shop.skusInStock(1);
  for (let n = 0; n < count; n += 1) {
    const guest = await new Guest(shop).fill(sku);
    ids.push(await guest.orderUntilPaid().catch((error: unknown) => Promise.reject(new BackupError(`the shop that the drill is of does not sell: ${error instanceof Error ? error.message : String(error)}`, { cause: error }))));
  }
  return ids;
}

async function contentOf(url: string, databases: readonly string[], at: string): ReturnType<typeof digests> {
  const client = await MongoClient.connect(url, { serverSelectionTimeoutMS: 5000 });
  try {
    return await digests(client, databases, at);
  } finally {
    await client.close();
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
