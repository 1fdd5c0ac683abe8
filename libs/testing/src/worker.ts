import { type ChildProcess, spawn } from 'node:child_process';
import { freePorts, nodeProgram } from '@shopfleet/local';
import { eventually } from './eventually.ts';

/** A service in a process of its own. */
export interface Worker {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Sends a signal and resolves when the process has ended; SIGKILL where absent. */
  kill(signal?: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** What it wrote so far, both streams. */
  output(): string;
}

/**
 * Runs a built service as a child process and waits until its `/ready` answers 200.
 * The child gets `env` and PATH only, and ends with this process at the latest.
 * @param entry absolute path of its main.js
 * @throws Error with its last output when it ends or stays unready for `readyTimeoutMs` (30 000 where absent)
 * @example const worker = await startWorker('/…/apps/order/dist/main.js', { MONGODB_URI: freshDatabase(), … });
 */
export async function startWorker(entry: string, env: Readonly<Record<string, string>>, options: { readyTimeoutMs?: number } = {}): Promise<Worker> {
  const port = env['PORT'] === undefined ? ((await freePorts(1))[0] ?? 0) : Number(env['PORT']) + Number(env['NODE_APP_INSTANCE'] ?? 0);
  const child = spawn(nodeProgram(), ['--enable-source-maps', entry], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'test', HOST: '127.0.0.1', PORT: String(port), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-200_000)));
  const exited = exitOf(child).finally(() => process.off('exit', end));
  const url = `http://127.0.0.1:${port}`;
  const failed = exited.then(({ code, signal }) => {
    throw new Error(`${entry} ended (${signal ?? `code ${code}`}) before it was ready:\n${output.slice(-4000)}`);
  });
  const ready = eventually(
    async () => {
      const response = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(2000) });
      if (!response.ok) throw new Error(`${entry} is not ready: ${await response.text()}\n${output.slice(-4000)}`);
    },
    { timeoutMs: options.readyTimeoutMs ?? 30_000, intervalMs: 100 },
  );
  // Whichever loses the race may still fail later: that is nobody's concern then.
  failed.catch(() => undefined);
  ready.catch(() => undefined);
  try {
    await Promise.race([ready, failed]);
  } catch (error) {
    child.kill('SIGKILL');
    await exited;
    throw error;
  }
  return {
    url,
    port,
    pid: child.pid ?? 0,
    kill: async (signal = 'SIGKILL') => {
      child.kill(signal);
      return exited;
    },
    output: () => output,
  };
}

function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ code: 127, signal: null }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}
