import { Injectable } from '@nestjs/common';
import type { Coupon } from '@shopfleet/pricing';
import { loadScript, RedisStateClient, type Script } from '@shopfleet/redis';
import { isInStock } from '../availability/availability.store.ts';
import type { Cart } from '../carts/cart.ts';
import { cartKeys } from '../carts/cart-keys.ts';
import { cartOfSnapshot, type Snapshot } from '../carts/cart-snapshot.ts';
import { couponOf } from '../coupons/coupon-book.store.ts';

/** A cart with all that its quote is made from, of one moment. */
export interface QuotedCart {
  readonly cart: Cart;
  /** The coupon that the cart names; undefined also for one that nobody knows any more. */
  readonly coupon: Coupon | undefined;
  /** SKUs that cannot be had at the moment. */
  readonly soldOut: ReadonlySet<string>;
}

@Injectable()
export class QuoteStore {
  readonly #quote: Script<[cart: Snapshot, coupon: string, ...availability: string[]]>;

  constructor(redis: RedisStateClient) {
    this.#quote = loadScript(redis, new URL('../../lua/cart-quote.lua', import.meta.url), { keys: 4 });
  }

  async read(cartId: string): Promise<QuotedCart> {
    const [snapshot, coupon, ...availability] = await this.#quote([cartKeys.cart(cartId), cartKeys.priceBook, cartKeys.availability, cartKeys.coupons]);
    const skus = snapshot.filter((_, i) => i >= 5 && (i - 5) % 3 === 0);
    return {
      cart: cartOfSnapshot(cartId, snapshot),
      coupon: coupon === '' ? undefined : couponOf(coupon),
      soldOut: new Set(skus.filter((_, i) => !isInStock(availability[i] ?? ''))),
    };
  }
}
