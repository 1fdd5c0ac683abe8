import { closeSync, existsSync, linkSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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
}

export interface StartLock {
  /** The holder before us died at work (kill -9, power cut): what it left is neither up nor down. */
  readonly interrupted: LockHolder | undefined;
  release(): void;
}

/**
 * One process at a time starts or stops an instance. A living holder is waited for; `onWait` hears of it once.
 * A holder that died is recognised by its pid together with its start time, so that a reused pid is no holder.
 *
 * @throws LocalError when the holder is still at work after `timeoutMs`.
 */
export async function takeLock(file: string, command: string, onWait: (holder: LockHolder) => void, timeoutMs = 20 * 60_000): Promise<StartLock> {
  mkdirSync(path.dirname(file), { recursive: true });
  const startTime = await startTimeOf(process.pid);
  const mine: LockHolder = { pid: process.pid, ...(startTime === undefined ? {} : { startTime }), command, since: new Date().toISOString() };
  const deadline = Date.now() + timeoutMs;
  let interrupted: LockHolder | undefined;
  let told = false;
  while (!tryCreate(file, mine)) {
    const holder = readHolder(file);
    if (holder === 'half-written') {
      await delay(50);
    } else if (holder !== undefined && (await isRunning(holder))) {
      if (!told) onWait(holder);
      told = true;
      if (Date.now() > deadline) throw new LocalError(`npm ${holder.command} (pid ${holder.pid}) is still at work; wait for it, or end it: kill ${holder.pid}`);
      await delay(300);
    } else if (holder !== undefined) {
      if (removeDead(file, holder)) interrupted = holder;
    }
  }
  return { interrupted, release: () => rmSync(file, { force: true }) };
}

/** The living holder, without waiting. */
export async function lockHolder(file: string): Promise<LockHolder | undefined> {
  const holder = readHolder(file);
  return typeof holder === 'object' && (await isRunning(holder)) ? holder : undefined;
}

function tryCreate(file: string, holder: LockHolder): boolean {
  try {
    const descriptor = openSync(file, 'wx', 0o600);
    writeFileSync(descriptor, JSON.stringify(holder));
    closeSync(descriptor);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

// Two waiters may see the same dead holder. Whoever moves the file away looks at what it got: if the other was faster and
// this is its new lock, it is put back.
function removeDead(file: string, dead: LockHolder): boolean {
  const grave = `${file}.${process.pid}`;
  try {
    renameSync(file, grave);
    const moved = readHolder(grave);
    const isDead = typeof moved !== 'object' || (moved.pid === dead.pid && moved.since === dead.since) || dead.pid === 0;
    if (!isDead) linkSync(grave, file);
    return isDead;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(grave, { force: true });
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

// Between creating and writing lie microseconds; a file that stays unreadable is what a full disk or a crash left.
const firstSeen = new Map<string, number>();
function halfWritten(file: string): 'half-written' | LockHolder {
  const since = firstSeen.get(file) ?? Date.now();
  firstSeen.set(file, since);
  return Date.now() - since < 2000 ? 'half-written' : { pid: 0, command: 'start', since: new Date(since).toISOString() };
}
