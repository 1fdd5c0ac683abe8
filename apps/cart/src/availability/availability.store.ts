import { Injectable } from '@nestjs/common';
import { loadScript, RedisStateClient, type Script } from '@shopfleet/redis';
import { cartKeys } from '../carts/cart-keys.ts';

/** Whether SKUs can be had, as far as the cart has heard: a hint for quotes, while the stock itself decides at the order. */
@Injectable()
export class Availability {
  readonly #keepNewest: Script<number>;

  constructor(redis: RedisStateClient) {
    this.#keepNewest = loadScript(redis, new URL('../../lua/newest-wins.lua', import.meta.url), { keys: 1 });
  }

  /** @returns false when this or a newer version is known already */
  async apply(sku: string, version: number, inStock: boolean): Promise<boolean> {
    return (await this.#keepNewest([cartKeys.availability], sku, version, JSON.stringify({ version, inStock }))) === 1;
  }
}

/** Reads what is stored of a SKU; one that nothing was heard of is taken to be there. */
export function isInStock(json: string): boolean {
  return json === '' || (JSON.parse(json) as { inStock: boolean }).inStock;
}
