import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { projectFolder, resolveInstance } from '@shopfleet/local';
import type { Part } from './parts.ts';

export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  /** Files that could not even begin count as one failure each. */
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

const interruption = new AbortController();

/** Aborted by SIGINT or SIGTERM: what runs ends, and the shop that was started is stopped. */
export const interrupted: AbortSignal = interruption.signal;
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interruption.abort());

/** Runs a part to its end; what it prints is seen as it comes. A game day and a benchmark count as one test each. */
export async function runPart(part: Part, environment: NodeJS.ProcessEnv, reportFile: string): Promise<Tally> {
  if ('files' in part) return await vitest(part.project, part.files, environment, reportFile);
  if ('gameDays' in part) return await play(part.gameDays, environment);
  return asOne(await run(['tools/bench/main.ts', '--only', part.benchmark], environment));
}

async function vitest(project: string, files: readonly string[], environment: NodeJS.ProcessEnv, reportFile: string): Promise<Tally> {
  const code = await run(['node_modules/vitest/vitest.mjs', 'run', '--project', project, '--reporter=verbose', '--reporter=json', `--outputFile.json=${reportFile}`, ...files], environment);
  const report = existsSync(reportFile) ? (JSON.parse(readFileSync(reportFile, 'utf8')) as Report) : undefined;
  const unborn = report?.testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0).length ?? 1;
  const failed = (report?.numFailedTests ?? 0) + unborn;
  // Where it ended badly and no test says so, that is one.
  return { passed: report?.numPassedTests ?? 0, failed: code === 0 ? failed : Math.max(1, failed) };
}

/** On a shop with data of its own, beside whatever runs here. */
async function play(days: readonly string[], environment: NodeJS.ProcessEnv): Promise<Tally> {
  const own = {
    ...environment,
    NODE_ENV: 'development',
    SHOPFLEET_INSTANCE: 'faults',
    SHOPFLEET_DATA_DIR: '',
    SHOPFLEET_PORT_OFFSET: environment['SHOPFLEET_PORT_OFFSET'] || '6000',
    PM2_HOME: '',
    LOADTEST_CIDR: '127.0.0.1/32',
  };
  const cli = (command: 'start' | 'stop'): Promise<number> => run(['infra/local/cli.ts', command], own);
  await cli('stop');
  rmSync(resolveInstance(own).dataDir, { recursive: true, force: true });
  let [passed, failed] = [0, 0];
  try {
    if ((await cli('start')) !== 0) return { passed, failed: days.length };
    for (const day of days) {
      if (interrupted.aborted) break;
      const tally = asOne(await run(['tools/gameday/main.ts', day, '--seed', environment['FAULT_SEED'] ?? ''], own));
      passed += tally.passed;
      failed += tally.failed;
    }
  } finally {
    await cli('stop');
  }
  return { passed, failed };
}

const asOne = (code: number): Tally => (code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });

/** Resolves with the exit code. An interruption ends what runs, and not what is begun after it: the shop is still stopped. */
function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: projectFolder, env, stdio: ['ignore', 'inherit', 'inherit'] });
    const end = (): void => void child.kill('SIGTERM');
    interrupted.addEventListener('abort', end);
    child.once('error', reject);
    child.once('close', (code) => {
      interrupted.removeEventListener('abort', end);
      resolve(code ?? 1);
    });
  });
}
