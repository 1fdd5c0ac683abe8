import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectFolder } from './locate.ts';

/** The Node that runs this project: at least 24, also when the process at hand is an older one. */
export function nodeProgram(): string {
  const own = join(projectFolder, 'node_modules', '.bin', 'node');
  return Number(process.versions.node.split('.')[0]) >= 24 || !existsSync(own) ? process.execPath : own;
}

/** Starts a process that throws away a data folder and its servers when we end, however we end. */
export function startReaper(dataDir: string): { finish(): Promise<void> } {
  const script = fileURLToPath(new URL('./reaper.ts', import.meta.url));
  const child = spawn(nodeProgram(), [script, dataDir], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.unref();
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  return {
    finish: async () => {
      child.ref();
      child.stdin.end();
      await gone;
    },
  };
}
