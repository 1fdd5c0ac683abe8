import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalError } from './errors.ts';
import { isRunning, startTimeOf } from './servers/processes.ts';

/** Who is changing an instance just now. */
export interface LockHolder {
  readonly pid: number;
  readonly startTime?: string;
  readonly command: string;
  readonly since: string;
  /** Tells one hold from another, whatever the clock and the pids say. */
  readonly token?: string;
}

const retryMs = 50;
const oldClaimMs = 5_000;

export interface StartLock {
  /** The holder before us died at work (kill -9, power cut): what it left is neither up nor down. */
  readonly interrupted: LockHolder | undefined;
  release(): void;
}

/**
 * One process at a time starts or stops an instance. A living holder is waited for; `onWait` hears of it once.
 * A holder that died is recognised by its pid together with its start time, so that a reused pid is no holder. Only one
 * of those who wait for a dead holder takes its lock away, and nobody takes away a living one's.
 *
 * @throws LocalError when the holder is still at work after `timeoutMs`.
 */
export async function takeLock(file: string, command: string, onWait: (holder: LockHolder) => void, timeoutMs = 20 * 60_000): Promise<StartLock> {
  mkdirSync(path.dirname(file), { recursive: true });
  const startTime = await startTimeOf(process.pid);
  const mine: LockHolder = { pid: process.pid, ...(startTime === undefined ? {} : { startTime }), command, since: new Date().toISOString(), token: randomUUID() };
  const deadline = Date.now() + timeoutMs;
  let interrupted: LockHolder | undefined;
  let told = false;
  while (!tryCreate(file, mine)) {
    const holder = readHolder(file);
    if (holder === 'half-written') {
      await delay(retryMs);
    } else if (holder !== undefined && (await isRunning(holder))) {
      if (!told) onWait(holder);
      told = true;
      if (Date.now() > deadline) throw new LocalError(`npm ${holder.command} (pid ${holder.pid}) is still at work; wait for it, or end it: kill ${holder.pid}`);
      await delay(300);
    } else if (holder !== undefined) {
      if (removeDead(file, holder)) interrupted = holder;
      else await delay(retryMs);
    }
  }
  return { interrupted, release: () => release(file, mine) };
}

/** The living holder, without waiting. */
export async function lockHolder(file: string): Promise<LockHolder | undefined> {
  const holder = readHolder(file);
  return typeof holder === 'object' && (await isRunning(holder)) ? holder : undefined;
}

// Written beside and then linked: whoever finds the lock finds its whole content.
function tryCreate(file: string, holder: LockHolder): boolean {
  const draft = `${file}.${holder.token}`;
  writeFileSync(draft, JSON.stringify(holder), { mode: 0o600 });
  try {
    return tryLink(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Two waiters may see the same dead holder. A second name for the lock, which only one of them can make, is the right to
 * remove it. A waiter that comes too late gets a name of the next, living lock: it looks, and leaves that alone.
 */
function removeDead(file: string, dead: LockHolder): boolean {
  const claim = `${file}.dead`;
  if (!tryLink(file, claim)) {
    abandonOldClaim(claim);
    return false;
  }
  const claimed = readHolder(claim);
  const isTheDeadOne = typeof claimed === 'object' ? isSame(claimed, dead) : dead.pid === 0;
  if (isTheDeadOne) rmSync(file, { force: true });
  rmSync(claim, { force: true });
  return isTheDeadOne;
}

// It exists for microseconds; one that stays is of a process that was killed between them.
const claimsSeen = new Map<string, number>();
function abandonOldClaim(claim: string): void {
  const now = Date.now();
  if (!existsSync(claim)) claimsSeen.delete(claim);
  else if (now - (claimsSeen.get(claim) ?? now) > oldClaimMs) rmSync(claim, { force: true });
  else if (!claimsSeen.has(claim)) claimsSeen.set(claim, now);
}

function release(file: string, mine: LockHolder): void {
  const holder = readHolder(file);
  if (typeof holder === 'object' && isSame(holder, mine)) rmSync(file, { force: true });
}

function isSame(one: LockHolder, other: LockHolder): boolean {
  return one.pid === other.pid && one.startTime === other.startTime && one.token === other.token && (one.pid === 0 || one.since === other.since);
}

// False when the name is taken, or what it should name is gone.
function tryLink(existing: string, name: string): boolean {
  try {
    linkSync(existing, name);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EEXIST' || error.code === 'ENOENT')) return false;
    throw error;
  }
}

function readHolder(file: string): LockHolder | 'half-written' | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LockHolder;
  } catch {
    return halfWritten(file);
  }
}

// What a full disk or a crash left; another release may have written it while it was made, so it gets two seconds.
const firstSeen = new Map<string, number>();
function halfWritten(file: string): 'half-written' | LockHolder {
  const since = firstSeen.get(file) ?? Date.now();
  firstSeen.set(file, since);
  return Date.now() - since < 2000 ? 'half-written' : { pid: 0, command: 'start', since: new Date(since).toISOString() };
}
