import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { projectFolder } from '@shopfleet/local';
import type { LoadShop } from './load-shop.ts';

export interface OperatorProcess {
  /** What it has printed so far. */
  readonly output: () => string;
  readonly end: () => Promise<void>;
}

/** A command on the shop under load that runs until it is ended, such as `infra/local/cli.ts prometheus`. */
export function operatorProcess({ environment }: LoadShop, file: string, ...args: readonly string[]): OperatorProcess {
  const child = spawn(process.execPath, [path.join(projectFolder, file), ...args], { cwd: projectFolder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  return {
    output: () => output,
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** Asks again every second until there is an answer. @throws Error after so many seconds */
export async function waitFor<T>(what: string, seconds: number, ask: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (const deadline = Date.now() + seconds * 1_000; ; await new Promise((resolve) => setTimeout(resolve, 1_000))) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
  }
}
