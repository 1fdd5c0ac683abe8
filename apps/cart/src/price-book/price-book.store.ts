import { Injectable } from '@nestjs/common';
import type { PriceBookEntry } from '@shopfleet/contracts';
import type { Money } from '@shopfleet/kernel';
import { asUnavailable, loadScript, RedisStateClient, type Script } from '@shopfleet/redis';
import { cartKeys } from '../carts/cart-keys.ts';

/** A product as an event shows it. */
export interface PricedProduct {
  readonly productId: string;
  readonly version: number;
  readonly variants: readonly PriceBookEntry[];
  /** SKUs that are no longer sold, beyond those that simply are not among the variants any more. */
  readonly withdrawn?: readonly string[];
}

/** Reads an entry as the scripts store it. What is stored was judged by the contract when it came in. */
export function priceBookEntryOf(json: string): PriceBookEntry {
  return JSON.parse(json) as PriceBookEntry;
}

/** Cart's own copy of prices and names: a cart is shown without asking the product service. */
@Injectable()
export class PriceBook {
  readonly #apply: Script<number>;
  readonly #changePrice: Script<number>;
  readonly #redis: RedisStateClient;

  constructor(redis: RedisStateClient) {
    this.#redis = redis;
    this.#apply = loadScript(redis, new URL('../../lua/price-book-apply.lua', import.meta.url), { keys: 2 });
    this.#changePrice = loadScript(redis, new URL('../../lua/price-book-change-price.lua', import.meta.url), { keys: 1 });
  }

  /** Takes over a product's variants. @returns false when this or a newer version is known already */
  async apply({ productId, version, variants, withdrawn = [] }: PricedProduct): Promise<boolean> {
    const entries = variants.map((entry) => JSON.stringify(entry));
    return (await this.#apply([cartKeys.priceBook, cartKeys.products], productId, version, JSON.stringify(withdrawn), ...entries)) === 1;
  }

  async find(sku: string): Promise<PriceBookEntry | undefined> {
    const json = await this.#redis.hget(cartKeys.priceBook, sku).catch((error: unknown) => {
      throw asUnavailable(error);
    });
    return json === null ? undefined : priceBookEntryOf(json);
  }

  /** Takes over one price. @returns false when this or a newer version is known already, or the SKU is not known yet */
  async changePrice(sku: string, version: number, price: Money): Promise<boolean> {
    return (await this.#changePrice([cartKeys.priceBook], sku, version, price.amount, price.currency)) === 1;
  }
}
