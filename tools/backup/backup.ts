import { setTimeout as delay } from 'node:timers/promises';
import { resolveInstance } from '@shopfleet/local';
import { takeBackup } from './src/backup.ts';
import { command, wholeNumber } from './src/command.ts';
import { readSets, removeBefore, type BackupSet } from './src/sets.ts';
import { openVault, sourceOf } from './src/shop.ts';

const help = `npm run backup [-- --to FOLDER] [--full] [--every MINUTES] [--keep DAYS] [--list]

Backs up the running shop: its databases as they were at one moment (the first time and once a day all of it, else what
the oplog tells since the last backup), redis-state and new pictures.

  --to FOLDER      where to; default BACKUP_S3_BUCKET, else BACKUP_DIR, else .shopfleet/<instance>/backups
  --every MINUTES  again and again until it is ended; 10 keeps a loss below 15 minutes
  --full           all of it now
  --keep DAYS      removes older ones after a full backup; default 30
  --list           shows what there is

BACKUP_S3_BUCKET with BACKUP_S3_REGION, BACKUP_S3_ENDPOINT, BACKUP_S3_ACCESS_KEY_ID and BACKUP_S3_SECRET_ACCESS_KEY name a
bucket in place of a folder. BACKUP_KEY (32 bytes, base64url or hex) encrypts; keep it elsewhere: without it nothing comes
back. Secrets of the shop are part of encrypted backups only.

MONGODB_URI (an operator's account), REDIS_STATE_URL and IMAGES_DIR or IMAGES_S3_… name the servers of a shop that was not
started here, as in containers (or NAME_FILE, a file that holds the value); its secrets are kept where they are.`;

const afterFailureMs = 60_000;

await command(help, { to: { type: 'string' }, full: { type: 'boolean' }, every: { type: 'string' }, keep: { type: 'string' }, list: { type: 'boolean' } }, async (values) => {
  const instance = resolveInstance();
  const vault = await openVault(values['to'] === undefined ? undefined : String(values['to']), instance);
  if (values['list'] === true) {
    for (const set of await readSets(vault)) console.log(lineOf(set));
    return;
  }
  const everyMs = values['every'] === undefined ? undefined : wholeNumber('--every', values['every'], 1, 1440) * 60_000;
  const keepMs = wholeNumber('--keep', values['keep'] ?? '30', 1, 3650) * 24 * 3_600_000;
  const source = await sourceOf(instance);
  const once = async (full: boolean): Promise<void> => {
    const set = await takeBackup(source, vault, { full });
    console.log(lineOf(set));
    if (set.dump === undefined) return;
    const removed = await removeBefore(vault, new Date(Date.now() - keepMs));
    if (removed > 0) console.log(`removed ${removed} sets that were older`);
  };
  const stopping = new AbortController();
  if (everyMs !== undefined) for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  for (let full = values['full'] === true; ; full = false) {
    const begun = Date.now();
    if (everyMs === undefined) return once(full);
    // The next one may succeed: a watch that ends at the first failure is no watch. It comes soon: the shop may just be starting.
    const nextMs = await once(full).then(
      () => everyMs,
      (error: unknown) => {
        console.error(`✗ ${new Date().toISOString()} ${error instanceof Error ? error.message : String(error)}`);
        return Math.min(everyMs, afterFailureMs);
      },
    );
    await delay(Math.max(0, begun + nextMs - Date.now()), undefined, { signal: stopping.signal }).catch(() => undefined);
    if (stopping.signal.aborted) return;
  }
});

function lineOf({ id, dump, oplog, pictures, tookMs, until }: BackupSet): string {
  const what = dump ? `full, ${dump.collections.reduce((sum, { documents }) => sum + documents, 0)} documents in ${dump.collections.length} collections` : `increment, ${oplog?.operations} operations`;
  return `${id}  ${what}, ${pictures} new pictures, up to ${new Date(Number(until.split(':')[0]) * 1000).toISOString()}, ${(tookMs / 1000).toFixed(1)} s`;
}
