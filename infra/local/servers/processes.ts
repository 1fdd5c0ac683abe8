import { execFile, spawn } from 'node:child_process';
import { mkdirSync, openSync, closeSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface ProcessRef {
  readonly pid: number;
  readonly startTime?: string;
}

/** When the system started a process; undefined when there is none, or only its unreaped shell is left. */
export async function startTimeOf(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') {
    const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
    return stdout.trim() || undefined;
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // The name in parentheses may hold spaces: count the columns behind it.
  const columns = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return columns[0] === 'Z' || columns[0] === 'X' ? undefined : columns[19];
}

/** Whether that very process lives: a reused pid does not count. */
export async function isRunning(ref: ProcessRef): Promise<boolean> {
  const startTime = await startTimeOf(ref.pid);
  return startTime !== undefined && (ref.startTime === undefined || ref.startTime === startTime);
}

export interface SpawnOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
}

/** Starts a program that outlives us: own session and process group, output appended to a file. */
export async function spawnDetached(options: SpawnOptions): Promise<Required<ProcessRef>> {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a');
  try {
    const child = spawn(options.command, options.args, { cwd: options.cwd, env: options.env, detached: true, stdio: ['ignore', log, log] });
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.unref();
    const pid = child.pid;
    if (pid === undefined) throw new Error(`${options.command} has no pid`);
    return { pid, startTime: (await startTimeOf(pid)) ?? '' };
  } finally {
    closeSync(log);
  }
}

/** Asks a process to end, then ends it and whatever is left of its group. */
export async function endProcess(ref: ProcessRef, signal: NodeJS.Signals = 'SIGTERM', graceMs = 15_000): Promise<void> {
  if (!(await isRunning(ref))) return;
  send(ref.pid, signal);
  const deadline = Date.now() + graceMs;
  while (Date.now() < deadline) {
    if (!(await isRunning(ref))) return untilReleased(ref.pid);
    await pause(50);
  }
  await killProcess(ref);
}

/** SIGKILL to a process and its group, and waits until it is gone. */
export async function killProcess(ref: ProcessRef): Promise<void> {
  if (!(await isRunning(ref))) return;
  send(-ref.pid, 'SIGKILL');
  send(ref.pid, 'SIGKILL');
  for (let attempt = 0; attempt < 200 && (await isRunning(ref)); attempt += 1) await pause(25);
  await untilReleased(ref.pid);
}

/** The first thread of a process may have ended while its others still hold the ports. */
async function untilReleased(pid: number): Promise<void> {
  for (let attempt = 0; attempt < 200 && (await readdir(`/proc/${pid}/task`).catch(() => [])).length > 1; attempt += 1) await pause(25);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Variables that mark what belongs to an instance, so that it is found again even when nothing was written down. */
export const instanceVariable = 'SHOPFLEET_MARK';
export const serverVariable = 'SHOPFLEET_MARK_SERVER';

/** Processes carrying an instance's mark, also those that detached themselves (Erlang's port mapper). Linux only. */
export async function markedProcesses(instance: string, server?: string): Promise<Required<ProcessRef>[]> {
  if (process.platform !== 'linux') return [];
  const found: Required<ProcessRef>[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '');
    if (!environment.includes(`${instanceVariable}=${instance}\0`)) continue;
    if (server !== undefined && !environment.includes(`${serverVariable}=${server}\0`)) continue;
    const startTime = await startTimeOf(Number(name));
    if (startTime !== undefined) found.push({ pid: Number(name), startTime });
  }
  return found;
}
