import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataPath, inspect, resolveInstance } from '@shopfleet/local';
import { DiskObjectStore } from '@shopfleet/images';
import { BackupError } from './src/backup-error.ts';
import { command, wholeNumber } from './src/command.ts';
import { runDrill, type Disaster } from './src/drill.ts';
import { prepare } from './src/drill-source.ts';
import { chainTo, readSets } from './src/sets.ts';
import { openVault } from './src/shop.ts';
import { Vault } from './src/vault.ts';

const help = `npm run drill [-- --from FOLDER] [--every MINUTES]

Restores a shop beside this one (instance "drill": ports, servers and data of its own), sells something there, compares and
checks every sum, says how long it took and how much was lost, and takes it all away again. Exits 1 on a difference, or
when it takes an hour (RTO) or would lose 15 minutes (RPO).

While the shop runs, a backup of it is made for the drill, with orders before and after the last increment. When it does
not run, or with --from, the newest backup there is, as it would be in earnest.

  --every MINUTES  how often npm run backup runs; default 10`;

await command(help, { from: { type: 'string' }, every: { type: 'string' } }, async (values) => {
  const source = resolveInstance();
  const everyMs = wholeNumber('--every', values['every'] ?? '10', 1, 1440) * 60_000;
  const drill = resolveInstance({ ...process.env, SHOPFLEET_INSTANCE: 'drill', SHOPFLEET_PORT_OFFSET: String(source.portOffset + 11_000), SHOPFLEET_DATA_DIR: '', PM2_HOME: '' });
  if (source.name === drill.name) throw new BackupError('the drill makes the instance "drill" itself: name the shop it is of by SHOPFLEET_INSTANCE');
  const folder = await mkdtemp(join(tmpdir(), 'shopfleet-drill-'));
  try {
    const isOfRunning = values['from'] === undefined && (await inspect(source)).ok;
    const disaster: Disaster = isOfRunning
      ? await prepare(source, new Vault(new DiskObjectStore(join(folder, 'vault')), randomBytes(32)), console.log)
      : await ofBackup(await openVault(values['from'] === undefined ? undefined : String(values['from']), source));
    const isGood = await runDrill({ source, drill, disaster, everyMs, journal: dataPath(source, 'payments', 'payments.jsonl'), report: console.log });
    process.exitCode = isGood ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function ofBackup(vault: Vault): Promise<Disaster> {
  const sets = await readSets(vault);
  const chain = chainTo(sets);
  console.log(`no shop runs: the newest backup, ${chain.at(-1)?.id}, ${chain.length - 1} increments`);
  return { vault, chain, before: [], after: [], content: undefined };
}
