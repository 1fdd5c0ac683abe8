import { CircuitState, type IBreaker } from 'cockatiel';

interface Second {
  readonly at: number;
  calls: number;
  failures: number;
}

const seconds = 10;
const leastCalls = 10;

/**
 * Opens when more than half of at least ten calls of the last ten seconds failed. The `SamplingBreaker` of cockatiel moves on
 * by calls instead of by the clock: at one every 0.7 s its ten seconds last fourteen, and it opens so much later.
 */
export class RollingBreaker implements IBreaker {
  state: Second[] = [];

  success(state: CircuitState): void {
    if (state === CircuitState.HalfOpen) this.state = [];
    this.#count(0);
  }

  failure(state: CircuitState): boolean {
    this.#count(1);
    if (state !== CircuitState.Closed) return true;
    const sum = (of: 'calls' | 'failures'): number => this.state.reduce((total, second) => total + second[of], 0);
    return sum('calls') >= leastCalls && sum('failures') > sum('calls') / 2;
  }

  #count(failures: 0 | 1): void {
    const now = Math.floor(performance.now() / 1000);
    let last = this.state.at(-1);
    if (last?.at !== now) {
      last = { at: now, calls: 0, failures: 0 };
      this.state = [...this.state.filter(({ at }) => at > now - seconds), last];
    }
    last.calls += 1;
    last.failures += failures;
  }
}
