import { Injectable } from '@nestjs/common';
import type { Coupon } from '@shopfleet/pricing';
import { loadScript, RedisStateClient, type Script } from '@shopfleet/redis';
import type { Cart } from '../carts/cart.ts';
import { cartKeys } from '../carts/cart-keys.ts';
import { cartOfSnapshot, type Snapshot } from '../carts/cart-snapshot.ts';
import { couponOf } from '../coupons/coupon-book.store.ts';

/** A cart with all that its quote is made from, of one moment. */
export interface QuotedCart {
  readonly cart: Cart;
  /** The coupon that the cart names; undefined also for one that nobody knows any more. */
  readonly coupon: Coupon | undefined;
}

@Injectable()
export class QuoteStore {
  readonly #quote: Script<[cart: Snapshot, coupon: string]>;

  constructor(redis: RedisStateClient) {
    this.#quote = loadScript(redis, new URL('../../lua/cart-quote.lua', import.meta.url), { keys: 4 });
  }

  async read(cartId: string): Promise<QuotedCart> {
    const [snapshot, coupon] = await this.#quote([cartKeys.cart(cartId), cartKeys.priceBook, cartKeys.availability, cartKeys.coupons]);
    return {
      cart: cartOfSnapshot(cartId, snapshot),
      coupon: coupon === '' ? undefined : couponOf(coupon),
    };
  }
}
