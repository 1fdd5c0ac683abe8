import { execFile, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { locate, programFolder } from './locate.ts';
import { freePorts } from './ports.ts';
import { ServerError } from './types.ts';

const run = promisify(execFile);
const startMs = 10_000;

/** A server that is a Go module and not among the packages of every system: for checks that only run where Go is. */
export interface GoProgram {
  /** As `go install` takes it, pinned: `github.com/stripe/stripe-mock@v0.203.0`. */
  readonly module: string;
  /** Command line for a port of its own. */
  readonly args: (port: number) => readonly string[];
  /** All it gets of an environment beside PATH. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunningGoProgram {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  readonly port: number;
  /** Ends it; resolves when it is gone. */
  stop(): Promise<void>;
}

/**
 * Builds a Go program once (kept in the project's program folder), starts it on a free port and waits until it answers
 * HTTP. It ends with this process at the latest.
 * @throws ServerError that says what is missing: Go itself, or why it could not be built
 * @example const mock = await startGoProgram({ module: 'github.com/stripe/stripe-mock@v0.203.0', args: (port) => ['-http-port', String(port)] });
 */
export async function startGoProgram({ module, args, env = {} }: GoProgram): Promise<RunningGoProgram> {
  const path = await buildGoProgram(module);
  const [port = 0] = await freePorts(1);
  const child = spawn(path, args(port), { env: { PATH: process.env['PATH'], ...env }, stdio: 'ignore' });
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve())).finally(() => process.off('exit', end));
  const stop = (): Promise<void> => {
    child.kill('SIGTERM');
    return gone;
  };
  const url = `http://127.0.0.1:${port}`;
  for (const deadline = Date.now() + startMs; Date.now() < deadline; await pause(50)) {
    const response = await fetch(url, { signal: AbortSignal.timeout(1000) }).catch(() => undefined);
    await response?.body?.cancel();
    if (response !== undefined) return { url, port, stop };
  }
  await stop();
  throw new ServerError(basename(path), `did not answer within ${startMs / 1000} s`);
}

/** The program of a Go module, built once and kept. @throws ServerError that says what is missing */
export async function buildGoProgram(module: string): Promise<string> {
  const [source = '', version = ''] = module.split('@');
  const name = basename(source);
  // Toxiproxy's programs are called `server` and `cli`: each version of each module has a folder of its own.
  const folder = join(programFolder, 'go', `${source.replaceAll('/', '-')}-${version}`);
  const before = await locate([name], [folder], {});
  if (before !== undefined) return before;
  const go = process.env['GO'] || 'go';
  await run(go, ['version']).catch(() => {
    throw new ServerError(name, `is a Go program, and Go is not installed. Install Go, or name it by GO=/path/to/go.`);
  });
  mkdirSync(folder, { recursive: true });
  process.stderr.write(`building ${source} (minutes the first time) …\n`);
  await run(go, ['install', module], { env: { ...process.env, GOBIN: folder, GOFLAGS: '-mod=mod' }, timeout: 600_000 }).catch((error: unknown) => {
    throw new ServerError(name, `could not be built (${String(error).slice(0, 300)})`);
  });
  return join(folder, name);
}
