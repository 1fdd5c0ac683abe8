import { spawn, type ChildProcess } from 'node:child_process';
import { noteChild } from './children.ts';

export interface ChildResult {
  readonly code: number;
  /** What it wrote, both streams; empty when its output went straight to ours. */
  readonly output: string;
}

export interface ChildOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Hand its output through to ours as it comes, for progress bars. */
  readonly passThrough?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Folder in which it is noted while it runs (see children.ts). */
  readonly notedIn?: string;
  /** After so long it is asked to end, and after as long again, ten seconds at most, it is killed. */
  readonly withinMs?: number;
  /** Says that its work is done; a program that still runs a while later hangs and is killed. */
  readonly isDone?: () => boolean;
}

const lingerMs = 30_000;
const graceMs = 10_000;

/** Runs a program of this Node to its end. A signal that is aborted ends it. */
export function runNode(args: readonly string[], options: ChildOptions): Promise<ChildResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: options.passThrough ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
      ...(options.signal ? { signal: options.signal } : {}),
    });
    const noted = options.notedIn === undefined ? undefined : noteChild(options.notedIn, child.pid);
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const watch = options.isDone && watchLingering(child, options.isDone);
    const wasEnded = options.withinMs === undefined ? undefined : endAfter(child, options.withinMs);
    child.once('error', (error) => {
      wasEnded?.();
      reject(error);
    });
    child.once('close', (code) => {
      clearInterval(watch);
      const hung = wasEnded?.() === true;
      if (hung) output = `${output.trimEnd()}\nit did not end within ${(options.withinMs ?? 0) / 1000} s`;
      // One that ends in good order when it is asked to has not done its work either.
      const result = { code: hung ? code || 1 : (code ?? 1), output };
      if (noted) noted.then((forget) => forget()).then(() => resolve(result), reject);
      else resolve(result);
    });
  });
}

/** The function that is returned ends the watch, and says whether the program had to be ended. */
function endAfter(child: ChildProcess, withinMs: number): () => boolean {
  let grace: NodeJS.Timeout | undefined;
  const bound = setTimeout(() => {
    child.kill('SIGTERM');
    grace = setTimeout(() => child.kill('SIGKILL'), Math.min(withinMs, graceMs));
  }, withinMs);
  return () => {
    clearTimeout(bound);
    clearTimeout(grace);
    return grace !== undefined;
  };
}

function watchLingering(child: ChildProcess, isDone: () => boolean): NodeJS.Timeout {
  let doneSince: number | undefined;
  return setInterval(() => {
    doneSince ??= isDone() ? Date.now() : undefined;
    if (doneSince !== undefined && Date.now() - doneSince > lingerMs) child.kill('SIGKILL');
  }, 1000);
}
