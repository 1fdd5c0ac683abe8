import type { ServiceVitals } from '@shopfleet/vitals';

/** A condition that must hold for a while. */
export interface Rule {
  readonly name: string;
  readonly minutes: number;
  readonly holds: (vitals: ServiceVitals) => boolean;
}

// features.md, "Operations" (S0).
export const upRules: readonly Rule[] = [
  { name: 'CPU above 70 % for 2 min', minutes: 2, holds: ({ cpuShare }) => cpuShare > 0.7 },
  { name: 'memory above 80 % for 2 min', minutes: 2, holds: ({ memoryShare }) => memoryShare > 0.8 },
  { name: 'response above 1000 ms for 5 min', minutes: 5, holds: ({ p95 = 0 }) => p95 > 1 },
  { name: 'errors above 5 % for 3 min', minutes: 3, holds: ({ errorShare }) => errorShare > 0.05 },
];

// What a worker may be asked at most to count as hardly used; S0 says "low traffic" and no figure.
const lowTraffic = 10;

/**
 * A service shrinks only when all of these hold: one busy resource is reason enough to keep a worker. Memory is what it holds,
 * not what the process has: a worker that was once busy never gives all of it back, and would be kept for ever.
 */
export const downRules: readonly Rule[] = [
  { name: 'CPU below 30 % for 10 min', minutes: 10, holds: ({ cpuShare }) => cpuShare < 0.3 },
  { name: 'memory below 50 % for 10 min', minutes: 10, holds: ({ heldMemoryShare }) => heldMemoryShare < 0.5 },
  { name: 'low traffic for 15 min', minutes: 15, holds: ({ requestsPerSecond, workers }) => requestsPerSecond < lowTraffic * workers },
];

export interface Bounds {
  readonly least: number;
  readonly most: number;
  /** Minutes that nothing is changed after a change: what it does must show first. */
  readonly restMinutes: number;
  /** Divides all minutes: for a demonstration that need not take a quarter of an hour. */
  readonly hurry: number;
}

export interface Decision {
  readonly service: string;
  readonly from: number;
  readonly to: number;
  /** Such as `CPU above 70 % for 2 min`. */
  readonly because: string;
}

/** Decides by what it is shown; changes nothing itself. */
export class Autoscaler {
  readonly #since = new Map<string, number>();
  readonly #restUntil = new Map<string, number>();

  readonly #bounds: Bounds;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  /** @param now milliseconds; each call is a look at all services */
  decide(vitals: readonly ServiceVitals[], now: number): Decision[] {
    return vitals.flatMap((service) => this.#decideOn(service, now) ?? []);
  }

  #decideOn(vitals: ServiceVitals, now: number): Decision | undefined {
    const { service, workers: from } = vitals;
    // Rules are looked at in any case, so that they run on while a service rests.
    const up = upRules.filter((rule) => this.#heldLongEnough(rule, vitals, now));
    const down = downRules.filter((rule) => this.#heldLongEnough(rule, vitals, now));
    // Without a worker there is nothing to judge by; bringing one back is PM2's business.
    if (from === 0 || now < (this.#restUntil.get(service) ?? 0)) return undefined;
    const { least, most } = this.#bounds;
    const [why] = up;
    if (why !== undefined) return from < most ? this.#changed(vitals, Math.min(most, from + Math.max(1, Math.ceil(from / 2))), why.name, now) : undefined;
    if (down.length === downRules.length && from > least) return this.#changed(vitals, from - 1, down.map(({ name }) => name).join(', '), now);
    return undefined;
  }

  #heldLongEnough({ name, minutes, holds }: Rule, vitals: ServiceVitals, now: number): boolean {
    const key = `${vitals.service} ${name}`;
    if (!holds(vitals)) {
      this.#since.delete(key);
      return false;
    }
    const since = this.#since.get(key) ?? now;
    this.#since.set(key, since);
    return now - since >= this.#ms(minutes);
  }

  #changed({ service, workers: from }: ServiceVitals, to: number, because: string, now: number): Decision {
    for (const key of this.#since.keys()) if (key.startsWith(`${service} `)) this.#since.delete(key);
    this.#restUntil.set(service, now + this.#ms(this.#bounds.restMinutes));
    return { service, from, to, because };
  }

  #ms(minutes: number): number {
    return (minutes * 60_000) / this.#bounds.hurry;
  }
}
