import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isRunning, startTimeOf } from './processes.ts';

/**
 * Runs `work` while no other process on this machine holds the same lock file.
 * A lock whose holder has died is taken over.
 * @throws Error when the holder is still at it after `timeoutMs`.
 */
export async function withLock<T>(file: string, work: () => Promise<T>, timeoutMs = 900_000): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  const mine = JSON.stringify({ pid: process.pid, startTime: await startTimeOf(process.pid) });
  const deadline = Date.now() + timeoutMs;
  while (!(await take(file, mine))) {
    if (Date.now() > deadline) throw new Error(`${file} is held by another process for too long; end that process or remove the file`);
    await pause(200);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function take(file: string, mine: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(mine);
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const text = await readFile(file, 'utf8').catch(() => '');
  // Empty: its holder is between creating and writing it.
  if (text === '' || (await isRunning(JSON.parse(text) as { pid: number; startTime?: string }))) return false;
  // Two waiters may see the same dead holder: only the one whose rename succeeds removes it.
  const grave = `${file}.${process.pid}`;
  await rename(file, grave).catch(() => undefined);
  await rm(grave, { force: true });
  return false;
}
