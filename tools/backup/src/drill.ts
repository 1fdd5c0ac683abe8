import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DiskObjectStore } from '@shopfleet/images';
import { dataPath, inspect, nodeProgram, type Instance } from '@shopfleet/local';
import { Guest, openShop } from '@shopfleet/shoppers';
import type { MongoClient } from 'mongodb';
import { BackupError } from './backup-error.ts';
import { differences, digests, type Digest } from './digest.ts';
import { copyJournal } from './payments-journal.ts';
import type { BackupSet } from './sets.ts';
import { restoreShop } from './shop.ts';
import type { Vault } from './vault.ts';

/** What is left after everything else has burnt. */
export interface Disaster {
  readonly vault: Vault;
  readonly chain: readonly BackupSet[];
  /** Orders that were paid before and after the last increment. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** What stood in the databases at the last increment; absent where the shop that was backed up is gone. */
  readonly content: ReadonlyMap<string, Digest> | undefined;
}

export interface Drill {
  readonly source: Instance;
  readonly drill: Instance;
  readonly disaster: Disaster;
  /** How often backups are made. */
  readonly everyMs: number;
  /** The payment provider's books: it is not the shop's, and has not burnt. */
  readonly journal: string;
  readonly report: (text: string) => void;
}

const promisedRtoMs = 3_600_000;
const promisedRpoMs = 15 * 60_000;

/** Resolves true when nothing differs and both promises hold. Leaves nothing behind. */
export async function runDrill({ source, drill, disaster, everyMs, journal, report }: Drill): Promise<boolean> {
  const { vault, chain, before, after, content } = disaster;
  if (!(await inspect(drill)).down) throw new BackupError('a drill runs already, or was killed: SHOPFLEET_INSTANCE=drill npm stop');
  await rm(drill.dataDir, { recursive: true, force: true });
  const wrong: string[] = [];
  const begun = Date.now();
  try {
    await lendSecrets(source, drill, chain.at(-1));
    let known = new Set<string>();
    const inspectRestored = async (client: MongoClient): Promise<void> => {
      const databases = chain[0]?.databases ?? [];
      if (content) wrong.push(...differences(content, await digests(client, databases)));
      const orders = await client.db(databases.find((name) => name.endsWith('order'))).collection<{ _id: string }>('orders').find().project<{ _id: string }>({ _id: 1 }).toArray();
      known = new Set(orders.map(({ _id }) => _id));
    };
    // Never on servers that the environment names: those are of the shop that is drilled.
    const { documents, operations, republished, pictures } = await restoreShop(drill, chain, vault, { inspect: inspectRestored, pictures: new DiskObjectStore(dataPath(drill, 'images')) }, () => undefined, {});
    report(`✓ restored         ${documents} documents, ${operations} operations, ${pictures} pictures, ${seconds(Date.now() - begun)}; ${republished} events are told again`);
    if (content) report(`${wrong.length === 0 ? '✓' : '✗'} compared         ${content.size} collections, ${wrong.length} differ from the shop at the moment of the increment`);
    wrong.push(...before.filter((id) => !known.has(id)).map((id) => `order ${id} was paid before the increment and is lost`));
    const unknownPayments = copyJournal(journal, dataPath(drill, 'payments', 'payments.jsonl'), (id) => known.has(id));
    await operate(drill, 'infra/local/cli.ts', 'start');
    await sellOne(drill);
    const rtoMs = Date.now() - begun;
    report(`✓ it sells         all services, an order paid, ${seconds(rtoMs)} after the disaster`);
    const books = await operate(drill, 'tools/invariants/main.ts', '--wait', '120').catch((error: unknown) => String(error));
    const verdict = books.trim().split('\n').at(-1) ?? '';
    if (!/^\d+ rules hold$/u.test(verdict)) wrong.push(`the books do not agree: ${books}`);
    report(`${/hold$/u.test(verdict) ? '✓' : '✗'} books            ${verdict}`);
    return judge({ wrong, rtoMs, rpoMs: everyMs + (chain.at(-1)?.tookMs ?? 0), everyMs, lost: after, unknownPayments, report });
  } finally {
    if (process.env['DRILL_KEEP'] !== '1') {
      await operate(drill, 'infra/local/cli.ts', 'stop').catch(() => undefined);
      await rm(drill.dataDir, { recursive: true, force: true });
    }
  }
}

interface Verdict {
  readonly wrong: readonly string[];
  readonly rtoMs: number;
  readonly rpoMs: number;
  readonly everyMs: number;
  readonly lost: readonly string[];
  readonly unknownPayments: number;
  readonly report: (text: string) => void;
}

function judge({ wrong, rtoMs, rpoMs, everyMs, lost, unknownPayments, report }: Verdict): boolean {
  if (lost.length > 0) report(`  lost             ${lost.length} orders that were placed after the last increment; their ${unknownPayments} payments stand in the provider's books, to be refunded`);
  report(`${rtoMs < promisedRtoMs ? '✓' : '✗'} RTO              ${seconds(rtoMs)} (promised: less than an hour)`);
  report(`${rpoMs < promisedRpoMs ? '✓' : '✗'} RPO              at most ${seconds(rpoMs)}: an increment every ${everyMs / 60_000} min, which is kept after ${seconds(rpoMs - everyMs)} (promised: less than 15 min)`);
  for (const line of wrong) report(`✗ ${line}`);
  report(wrong.length === 0 ? 'nothing differs' : `${wrong.length} differences`);
  return wrong.length === 0 && rtoMs < promisedRtoMs && rpoMs < promisedRpoMs;
}

// Encrypted backups carry the secrets; for others they are kept where the operator keeps them.
async function lendSecrets(source: Instance, drill: Instance, last: BackupSet | undefined): Promise<void> {
  const file = dataPath(source, 'secrets.json');
  if (last?.secrets !== undefined || !existsSync(file)) return;
  await mkdir(drill.dataDir, { recursive: true });
  await copyFile(file, dataPath(drill, 'secrets.json'));
}

async function sellOne(drill: Instance): Promise<void> {
  const shop = openShop(drill);
  try {
    const guest = await new Guest(shop).fill((await shop.skusInStock(1))[0] ?? '');
    await guest.orderUntilPaid();
  } finally {
    await shop.close();
  }
}

/** Runs one of the project's commands on the restored shop. @throws BackupError with what it said */
function operate(drill: Instance, file: string, ...args: string[]): Promise<string> {
  // What leads to the shop that the drill is of, and its buckets.
  const others = /^(?:MONGODB_URL|REDIS_(?:CACHE|STATE)_URL|RABBITMQ_(?:MANAGEMENT_)?URL|PM2_HOME|SHOPFLEET_(?:DATA_DIR|RUN_FILE)|IMAGES_S3_\w+|WATCHDOG)$/u;
  // One worker of each service says that it sells, and leaves the machine to the shop beside it.
  const own = { SHOPFLEET_INSTANCE: drill.name, SHOPFLEET_PORT_OFFSET: String(drill.portOffset), MAX_WORKERS: '1' };
  const env = { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !others.test(name))), ...own };
  return new Promise((resolve, reject) => {
    const child = spawn(nodeProgram(), [join(drill.projectDir, file), ...args], { cwd: drill.projectDir, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(output) : reject(new BackupError(`${file} ${args.join(' ')} failed: ${output.trim().split('\n').slice(-8).join('\n')}`))));
  });
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
