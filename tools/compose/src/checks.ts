/** Counts checks as they are made; the last line of the whole is theirs. */
export class Checks {
  passed = 0;
  failed = 0;

  /** One check: it passes when `work` does. Its time and its reason are printed. */
  async check(title: string, work: () => Promise<unknown>): Promise<boolean> {
    const begun = Date.now();
    const seconds = (): string => `${((Date.now() - begun) / 1000).toFixed(1)} s`;
    try {
      await work();
      this.passed += 1;
      process.stdout.write(`  ✓ ${title} (${seconds()})\n`);
      return true;
    } catch (error) {
      this.failed += 1;
      process.stdout.write(`  ✗ ${title} (${seconds()}): ${error instanceof Error ? error.message : String(error)}\n`);
      return false;
    }
  }
}

/** Asks until the answer is neither an error nor undefined. @throws the last error after `patienceMs` */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined>, patienceMs = 120_000): Promise<T> {
  let reason = 'no answer';
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await new Promise((resolve) => setTimeout(resolve, 500))) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
  }
  throw new Error(`${what}: not within ${patienceMs / 1000} s (${reason})`);
}
