import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readJson } from './servers/files.ts';
import { dataPath, type Instance } from './instance.ts';
import { endProcess, startTimeOf } from './servers/processes.ts';

/** Where the programs that a start runs (compiler, migrations, PM2's client, seeder) are noted while they run. */
export const childrenDir = (instance: Instance): string => dataPath(instance, 'run', 'children');

/** Notes a program, so that it can be ended when its starter was killed. Returns what removes the note. */
export async function noteChild(folder: string, pid: number | undefined): Promise<() => void> {
  if (pid === undefined) return () => undefined;
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${pid}.json`);
  writeFileSync(file, JSON.stringify({ pid, startTime: await startTimeOf(pid) }));
  return () => rmSync(file, { force: true });
}

/** Ends every noted program that still runs; a pid that was given to something else is left alone. */
export async function endChildren(folder: string): Promise<number> {
  if (!existsSync(folder)) return 0;
  const notes = readdirSync(folder).map((name) => path.join(folder, name));
  for (const note of notes) {
    const child = readJson<{ pid: number; startTime?: string }>(note);
    if (child?.startTime !== undefined) await endProcess(child, 'SIGTERM', 3000);
    rmSync(note, { force: true });
  }
  return notes.length;
}
