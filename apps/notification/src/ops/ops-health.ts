import { setTimeout as delay } from 'node:timers/promises';
import { healthOf, scrape, vitalsOf, type Health, type Scrape, type ServiceVitals, type Target } from '@shopfleet/vitals';

const shortestMs = 1_000;
// Beyond that the rates would tell of long ago.
const longestMs = 60_000;

export interface ShopHealth extends Health {
  readonly at: string;
  /** Seconds that the rates are taken over. */
  readonly seconds: number;
  readonly services: readonly ServiceVitals[];
}

/** The health of the whole shop, by the figures of every worker. Nothing is read while nobody asks. */
export class OpsHealth {
  private last: Scrape | undefined;

  constructor(private readonly targets: readonly Target[]) {}

  async look(): Promise<ShopHealth> {
    const before = await this.before();
    const after = await scrape(this.targets);
    this.last = after;
    const services = vitalsOf(before, after);
    return { ...healthOf(services), at: new Date(after.at).toISOString(), seconds: (after.at - before.at) / 1_000, services };
  }

  private async before(): Promise<Scrape> {
    const age = this.last === undefined ? Infinity : Date.now() - this.last.at;
    const before = this.last === undefined || age > longestMs ? await scrape(this.targets) : this.last;
    const missing = shortestMs - (Date.now() - before.at);
    if (missing > 0) await delay(missing);
    return before;
  }
}
