import { normalizeIp } from '@nestjs/throttler';
import type { Caller } from '@shopfleet/kernel';
import { AddressRange } from './address-range.ts';
import type { RouteLimit } from './limit.ts';
import type { LimitUse } from './limit-store.ts';
import type { RegionLimits } from './region-limits.ts';
import { ANONYMOUS_TIER, BURST_LIMIT, BURST_WINDOW_MS, TIER_WINDOW_MS, tierOf } from './role-tiers.ts';

const LOAD_TEST_FACTOR = 1_000;

/** Addresses that one worker remembers what it found out about; about a megabyte. */
const MOST_CLIENTS = 4_000;

/** Who sends a request from where. */
export interface Origin {
  readonly address: string;
  /** As nginx says; undefined where it says nothing. */
  readonly region: string | undefined;
  readonly caller: Caller | undefined;
}

/** A use with the name of its limit, for headers and messages. */
export interface NamedUse extends LimitUse {
  readonly name: string;
  /** As RateLimit-Policy says it. */
  readonly policy: string;
}

export interface RateLimitPolicyOptions {
  readonly service: string;
  /** Requests of one address to the service within its window. */
  readonly limit: number;
  readonly windowMs: number;
  /** One range in CIDR notation, or '' for none. */
  readonly loadTestRange: string;
  readonly regions: RegionLimits;
}

interface Client {
  /** Under which it is counted. */
  readonly client: string;
  readonly factor: number;
  /** What a request counts against that is neither costly nor from a region. */
  readonly browsing: readonly NamedUse[];
}

/** What a service allows whom: the limits that one request counts against. */
export class RateLimitPolicy {
  readonly #options: RateLimitPolicyOptions;
  readonly #loadTest: AddressRange;
  readonly #clients = new Map<string, Client>();

  constructor(options: RateLimitPolicyOptions) {
    this.#options = options;
    this.#loadTest = new AddressRange(options.loadTestRange === '' ? [] : [options.loadTestRange]);
  }

  /** All limits of a request, asked for at once: the service's, and those of a costly operation. */
  usesOf(route: RouteLimit | undefined, { address, region, caller }: Origin): readonly NamedUse[] {
    const { service, limit, windowMs, regions } = this.#options;
    const { client, factor, browsing } = this.#clientAt(address);
    if (route === undefined && region === undefined) return browsing;
    const use = (name: string, key: string, figure: number, window: number): NamedUse => namedUse(name, key, regions.scale(region, figure) * factor, window);
    const uses = [use('default', `${service}:default:${client}`, limit, windowMs)];
    if (route === undefined) return uses;
    if (route.perAddress !== undefined) {
      uses.push(use(route.name, `${service}:${route.name}:${client}`, route.perAddress.limit, route.perAddress.windowSeconds * 1_000));
      return uses;
    }
    const tier = caller === undefined ? { name: 'anonymous', limit: ANONYMOUS_TIER } : tierOf(caller.roles);
    // The tier is part of the key, so that one key has one limit however roles change.
    uses.push(use(route.name, `${service}:${route.name}:${tier.name}:${caller?.id ?? client}`, tier.limit, TIER_WINDOW_MS));
    uses.push(use('burst', `burst:${client}`, BURST_LIMIT, BURST_WINDOW_MS));
    return uses;
  }

  // What depends on the address alone is found once: comparing it with ranges costs as much as all the rest of a check.
  #clientAt(address: string): Client {
    const known = this.#clients.get(address);
    if (known !== undefined) return known;
    const { service, limit, windowMs } = this.#options;
    // An IPv6 client has a whole /64 to choose addresses from.
    const client = normalizeIp(address);
    // A load generator's limits are raised, never skipped: what it measures includes the checks.
    const factor = this.#loadTest.includes(address) ? LOAD_TEST_FACTOR : 1;
    const found = { client, factor, browsing: [namedUse('default', `${service}:default:${client}`, limit * factor, windowMs)] };
    if (this.#clients.size >= MOST_CLIENTS) {
      const oldest = this.#clients.keys().next();
      if (!oldest.done) this.#clients.delete(oldest.value);
    }
    this.#clients.set(address, found);
    return found;
  }
}

function namedUse(name: string, key: string, limit: number, windowMs: number): NamedUse {
  return { name, key, limit, windowMs, policy: `"${name}";q=${limit};w=${Math.round(windowMs / 1_000)}` };
}
