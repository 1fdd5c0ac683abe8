import { interrupted } from './interruption.ts';

/** Tells what a check is at; said now and then while it lasts. */
export type Say = (text: string) => void;

const sayEveryMs = 15_000;

/** Counts checks as they are made; the last line of the whole is theirs. */
export class Checks {
  passed = 0;
  failed = 0;

  /**
   * One check: it passes when `work` does. Its time and its reason are printed.
   * @throws when the test is interrupted, unless it is the check of an end, which is made all the same
   */
  async check(title: string, work: (say: Say) => Promise<unknown>, { evenWhenInterrupted = false } = {}): Promise<boolean> {
    const heeded = evenWhenInterrupted ? undefined : interrupted;
    heeded?.throwIfAborted();
    const begun = Date.now();
    const seconds = (): string => `${((Date.now() - begun) / 1000).toFixed(1)} s`;
    let at = '';
    const progress = setInterval(() => process.stdout.write(`    ${title}: ${seconds()}${at === '' ? '' : `, ${at.slice(0, 160)}`}\n`), sayEveryMs);
    try {
      await work((text) => (at = text));
      this.passed += 1;
      process.stdout.write(`  ✓ ${title} (${seconds()})\n`);
      return true;
    } catch (error) {
      heeded?.throwIfAborted();
      this.failed += 1;
      process.stdout.write(`  ✗ ${title} (${seconds()}): ${error instanceof Error ? error.message : String(error)}\n`);
      return false;
    } finally {
      clearInterval(progress);
    }
  }
}

/** Asks until the answer is neither an error nor undefined. @throws the last error after `patienceMs`, and when interrupted */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined>, { patienceMs = 120_000, say }: { readonly patienceMs?: number; readonly say?: Say } = {}): Promise<T> {
  let reason = 'no answer';
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await new Promise((resolve) => setTimeout(resolve, 500))) {
    interrupted.throwIfAborted();
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
      say?.(reason);
    }
  }
  throw new Error(`${what}: not within ${patienceMs / 1000} s (${reason})`);
}
