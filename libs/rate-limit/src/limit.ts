import { SetMetadata } from '@nestjs/common';

/** The metadata under which a route carries its own limits; read by the guard. */
export const limitMetadata = 'shopfleet:limit';

/** A limit of one operation, beside the service's limit per address. */
export interface RouteLimit {
  /** Names the operation in counters and headers, such as `checkout`. Routes of one name share one count. */
  readonly name: string;
  /** A figure per address in place of the tiers by role. */
  readonly perAddress?: { readonly limit: number; readonly windowSeconds: number };
}

/**
 * Limits a costly operation (checkout, upload, export, admin writes): by the tier of the caller's role per quarter of an
 * hour, by address for who has not logged in, and by 30 a minute per address over all costly operations. With
 * `perAddress` by that figure alone. Browsing needs none: the service's limit per address is its ceiling.
 *
 * @example
 * @Limit('checkout')
 * @Limit('search', { limit: 300, windowSeconds: 60 })
 */
export const Limit = (name: string, perAddress?: NonNullable<RouteLimit['perAddress']>): ClassDecorator & MethodDecorator =>
  SetMetadata(limitMetadata, { name, ...(perAddress !== undefined && { perAddress }) } satisfies RouteLimit);
