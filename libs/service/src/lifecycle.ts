import { Logger } from '@nestjs/common';
import { within, type DependencyCheck, type Drainable } from '@shopfleet/kernel';

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

// Two stages, together below SHUTDOWN_TIMEOUT_MS with the close after them: what hangs is named in the log, the rest ends in order.
const drainTimeoutMs = 5_000;

/** Knows whether the worker may get traffic, and ends its background work in order. */
export class Lifecycle {
  private readonly logger = new Logger(Lifecycle.name);
  private drained: Promise<void> | undefined;

  constructor(
    private readonly checks: () => readonly DependencyCheck[],
    private readonly drainables: () => readonly Drainable[],
    private readonly patienceMs = drainTimeoutMs,
  ) {}

  get draining(): boolean {
    return this.drained !== undefined;
  }

  /** Asks every dependency at once; takes at most 2.5 s. */
  async readiness(): Promise<Readiness> {
    const checks = await Promise.all(this.checks().map(outcomeOf));
    return { ready: !this.draining && checks.every(({ ok, critical }) => ok || !critical), draining: this.draining, checks };
  }

  /**
   * From here on /ready answers 503. Resolves when all background work in hand is done: first what takes work in, then the
   * relay of what it left in the outbox, 5 s each at the latest. What is not done by then another worker takes up, as
   * after a kill.
   */
  async drain(): Promise<void> {
    await (this.drained ??= this.drainInOrder());
  }

  private async drainInOrder(): Promise<void> {
    const all = this.drainables();
    for (const last of [false, true]) {
      await Promise.all(all.filter(({ drainsLast = false }) => drainsLast === last).map((drainable) => this.drainOne(drainable)));
    }
  }

  private async drainOne(drainable: Drainable): Promise<void> {
    const name = drainable.constructor.name;
    await within(this.patienceMs, drainable.drain(), () => new Error(`not done within ${this.patienceMs} ms`)).catch((error: unknown) => {
      this.logger.error(`${name} did not drain: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
}

async function outcomeOf(check: DependencyCheck): Promise<CheckResult> {
  const critical = check.critical ?? true;
  try {
    await within(checkTimeoutMs, check.check(), () => new Error(`no answer within ${checkTimeoutMs} ms`));
    return { name: check.name, ok: true, critical };
  } catch (error) {
    return { name: check.name, ok: false, critical, reason: error instanceof Error ? error.message : String(error) };
  }
}
