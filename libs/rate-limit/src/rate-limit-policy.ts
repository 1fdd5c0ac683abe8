import { AddressRange } from './address-range.ts';

const LOAD_TEST_FACTOR = 1_000;

/** What a service allows each address. */
export class RateLimitPolicy {
  readonly service: string;
  readonly #loadTest: AddressRange;

  /** @param loadTestRange one range in CIDR notation, or '' for none */
  constructor(service: string, loadTestRange: string) {
    this.service = service;
    this.#loadTest = new AddressRange(loadTestRange === '' ? [] : [loadTestRange]);
  }

  /** The limit of an address: a thousand times as much for load generators. It is raised, never skipped. */
  raise(address: string, limit: number): number {
    return this.#loadTest.includes(address) ? limit * LOAD_TEST_FACTOR : limit;
  }
}
