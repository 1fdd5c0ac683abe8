import { resolveInstance } from '@shopfleet/local';
import { BackupError } from './src/backup-error.ts';
import { command } from './src/command.ts';
import { chainTo, readSets } from './src/sets.ts';
import { openVault, restoreShop } from './src/shop.ts';

const help = `npm run restore [-- --from FOLDER] [--at TIME] [--replace]

Puts a backup into the data folder of this shop, which must not run; npm start then begins from there.

  --from FOLDER  default the bucket of the variables of npm run backup, else BACKUP_DIR, else .shopfleet/<instance>/backups
  --at TIME      the state of a second such as 2026-11-26T01:30:00Z; default: the newest there is
  --replace      drops what is there; else data that is there is a reason to stop

Where MONGODB_URI and REDIS_STATE_URL name servers that were not started here, as in containers: the services and redis-state
have to be stopped, REDIS_STATE_DIR is the data folder of redis-state, and ACCOUNTS_KEY makes the member's account that
replays an oplog (else MONGODB_URI's must be allowed to). The broker has to begin empty: see docs/runbooks/restore.md.

BACKUP_KEY opens encrypted backups. Events of the last day are told again: consumers know which they have heard.`;

await command(help, { from: { type: 'string' }, at: { type: 'string' }, replace: { type: 'boolean' } }, async (values) => {
  const begun = Date.now();
  const instance = resolveInstance();
  const untilSecond = values['at'] === undefined ? undefined : Math.floor(Date.parse(String(values['at'])) / 1000);
  if (Number.isNaN(untilSecond)) throw new BackupError('--at is a time such as 2026-11-26T01:30:00Z');
  const vault = await openVault(values['from'] === undefined ? undefined : String(values['from']), instance);
  const chain = chainTo(await readSets(vault), untilSecond);
  console.log(`from ${chain.map(({ id }) => id).join(', ')}`);
  const options = { replace: values['replace'] === true, ...(untilSecond !== undefined && { untilSecond }) };
  const { documents, operations, republished, pictures } = await restoreShop(instance, chain, vault, options, (text) => console.log(text));
  console.log(`${documents} documents, ${operations} operations, ${pictures} pictures in ${((Date.now() - begun) / 1000).toFixed(1)} s; ${republished} events are told again by the next start`);
});
