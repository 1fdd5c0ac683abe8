import { BackupError } from './backup-error.ts';
import { secondsOf } from './bson.ts';
import type { Dump } from './dump.ts';
import type { OplogPiece } from './oplog.ts';
import type { Vault } from './vault.ts';

/** One run of `npm run backup`. Its manifest is written last: what has none was never finished and does not count. */
export interface BackupSet {
  readonly id: string;
  readonly databases: readonly string[];
  readonly takenAt: string;
  /** From its begin to the moment at which all of it was kept. */
  readonly tookMs: number;
  /** The moment of the databases to which it leads. */
  readonly until: string;
  /** A full one has a dump; an increment goes on from the set before it. */
  readonly dump?: Dump;
  readonly before?: string;
  readonly oplog?: OplogPiece;
  /** redis-state a moment before. */
  readonly redis: readonly string[];
  /** Pictures that had not been backed up before. */
  readonly pictures: number;
  /** The shop's secrets, kept in encrypted backups only. */
  readonly secrets?: string;
}

const folder = 'sets/';
const manifest = 'manifest';

export const setFolder = (id: string): string => `${folder}${id}/`;

/** `20261126t013005123z`: sorts by time, and is a key of any object store. */
export const newSetId = (now: Date): string => now.toISOString().replaceAll(/[-:.]/gu, '').toLowerCase();

export async function writeSet(vault: Vault, set: BackupSet): Promise<void> {
  await vault.putJson(`${setFolder(set.id)}${manifest}`, set);
}

/** All finished sets, the oldest first. */
export async function readSets(vault: Vault): Promise<BackupSet[]> {
  const names = await vault.list(folder);
  const sets: BackupSet[] = [];
  for (const name of names.filter((key) => key.endsWith(`/${manifest}`)).sort()) sets.push(await vault.getJson<BackupSet>(name));
  return sets;
}

/**
 * The sets that lead to a moment, beginning with the full one; the last may lead beyond it, or end a little before it where
 * nothing leads further. Without a moment: to the newest.
 * @throws BackupError when there are none
 */
export function chainTo(sets: readonly BackupSet[], second = Number.POSITIVE_INFINITY): readonly BackupSet[] {
  const before = sets.findLast(({ until }) => secondsOf(until) <= second);
  if (before === undefined) throw new BackupError(sets.length === 0 ? 'there is no backup there: npm run backup' : 'no backup reaches back to that time');
  const chain = chainOf(sets, before);
  const beyond = sets.find((set) => set.before === before.id && secondsOf(set.until) > second);
  return beyond === undefined ? chain : [...chain, beyond];
}

/** The snapshot of redis-state that goes with a moment: the last one before it, else the newest. */
export function snapshotIn(chain: readonly BackupSet[], second = Number.POSITIVE_INFINITY): readonly string[] {
  return (chain.findLast(({ until }) => secondsOf(until) <= second) ?? chain.at(-1))?.redis ?? [];
}

function chainOf(sets: readonly BackupSet[], last: BackupSet): readonly BackupSet[] {
  const chain = [last];
  for (let set = last; set.dump === undefined; ) {
    const { id, before } = set;
    const found = sets.find((other) => other.id === before);
    if (found === undefined) throw new BackupError(`the backup ${id} goes on from ${before}, which is missing`);
    chain.unshift(found);
    set = found;
  }
  return chain;
}

/** Removes chains whose newest set is older; the newest chain stays. Resolves with how many sets are gone. */
export async function removeBefore(vault: Vault, oldest: Date): Promise<number> {
  const sets = await readSets(vault);
  const newestChain = sets.findLastIndex(({ dump }) => dump !== undefined);
  const fulls = sets.flatMap(({ dump }, index) => (dump === undefined ? [] : [index]));
  let removed = 0;
  for (const [n, from] of fulls.entries()) {
    const chain = sets.slice(from, fulls[n + 1] ?? sets.length);
    if (from >= newestChain || new Date(chain.at(-1)?.takenAt ?? 0) >= oldest) continue;
    for (const { id } of chain) await vault.removeFolder(setFolder(id));
    removed += chain.length;
  }
  return removed;
}
