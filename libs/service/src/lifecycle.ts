import type { DependencyCheck, Drainable } from '@shopfleet/kernel';

/** What /ready says of one dependency. */
export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly critical: boolean;
  readonly reason?: string;
}

export interface Readiness {
  readonly ready: boolean;
  readonly draining: boolean;
  readonly checks: readonly CheckResult[];
}

// A dependency that has not answered by then counts as down; api.md promises that no request waits longer than 3 s.
const checkTimeoutMs = 2500;

/** Knows whether the worker may get traffic, and ends its background work in order. */
export class Lifecycle {
  private isDraining = false;

  constructor(
    private readonly checks: () => readonly DependencyCheck[],
    private readonly drainables: () => readonly Drainable[],
  ) {}

  get draining(): boolean {
    return this.isDraining;
  }

  /** Asks every dependency at once; takes at most 2.5 s. */
  async readiness(): Promise<Readiness> {
    const checks = await Promise.all(this.checks().map(outcomeOf));
    return { ready: !this.isDraining && checks.every(({ ok, critical }) => ok || !critical), draining: this.isDraining, checks };
  }

  /** From here on /ready answers 503; resolves when all background work in hand is done. */
  async drain(): Promise<void> {
    this.isDraining = true;
    await Promise.all(this.drainables().map((drainable) => drainable.drain()));
  }
}

async function outcomeOf(check: DependencyCheck): Promise<CheckResult> {
  const critical = check.critical ?? true;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${checkTimeoutMs} ms`)), checkTimeoutMs);
  });
  try {
    await Promise.race([check.check(), late]);
    return { name: check.name, ok: true, critical };
  } catch (error) {
    return { name: check.name, ok: false, critical, reason: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
