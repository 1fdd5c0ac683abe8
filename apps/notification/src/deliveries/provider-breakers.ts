const failuresToOpen = 5;
const restMs = 30_000;
const atOncePerProvider = 3;
const providersKept = 1_000;

interface Provider {
  failures: number;
  restsUntil: number;
  inFlight: number;
}

/**
 * Keeps one provider that is down or slow from using up the channel: after five failures in a row it is left alone for
 * 30 s, then asked once; and it never has more than three requests open.
 */
export class ProviderBreakers {
  private readonly providers = new Map<string, Provider>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Undefined: go ahead, and tell {@link settle}. Else how long to wait, in milliseconds. */
  admit(name: string): number | undefined {
    const provider = this.providers.get(name) ?? { failures: 0, restsUntil: 0, inFlight: 0 };
    const resting = provider.restsUntil - this.now();
    if (resting > 0) return Math.ceil(resting);
    const open = provider.failures >= failuresToOpen;
    if (provider.inFlight >= (open ? 1 : atOncePerProvider)) return 1_000;
    provider.inFlight += 1;
    this.keep(name, provider);
    return undefined;
  }

  settle(name: string, worked: boolean): void {
    const provider = this.providers.get(name);
    if (provider === undefined) return;
    provider.inFlight -= 1;
    provider.failures = worked ? 0 : provider.failures + 1;
    if (provider.failures >= failuresToOpen) provider.restsUntil = this.now() + restMs;
  }

  // Least recently used first; one with a request open is in use.
  private keep(name: string, provider: Provider): void {
    this.providers.delete(name);
    this.providers.set(name, provider);
    if (this.providers.size <= providersKept) return;
    for (const [key, { inFlight }] of this.providers) {
      if (inFlight > 0) continue;
      this.providers.delete(key);
      return;
    }
  }
}
