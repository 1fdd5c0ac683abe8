import { Injectable } from '@nestjs/common';
import type { Envelope, PriceBookEntry } from '@shopfleet/contracts';
import { money, type Currency, type Money } from '@shopfleet/kernel';
import { asUnavailable, loadScript, RedisStateClient, type Script } from '@shopfleet/redis';
import { cartKeys } from '../carts/cart-keys.ts';
import { priceBookEntryOf } from '../price-book/price-book.store.ts';

/** Most SKUs on a wish list. */
export const MOST_WISHES = 200;

/** A SKU on a customer's wish list. */
export interface Wish {
  readonly sku: string;
  /** When it was wished for, or when its fall was last announced. */
  readonly price: Money;
  readonly wishedAt: Date;
  /** What the shop knows of the SKU now. */
  readonly entry: PriceBookEntry | undefined;
}

/** A customer whose wish is dearer than something. */
export interface Wisher {
  readonly userId: string;
  /** Price of the wish in minor units. */
  readonly amount: number;
}

export type WishStatus = 'ok' | 'unknown-sku' | 'too-many';

/** What became of an announcement: `price-moved` and `wish-moved` say that it was out of date, and nothing was changed. */
export type DropStatus = 'told' | 'price-moved' | 'wish-moved' | 'other-currency';

/** Wish lists in redis-state, with an index from each SKU to those who wish for it. */
@Injectable()
export class WishlistStore {
  readonly #redis: RedisStateClient;
  readonly #add: Script<string>;
  readonly #remove: Script<number>;
  readonly #read: Script<string[]>;
  readonly #drop: Script<DropStatus>;

  constructor(redis: RedisStateClient) {
    const script = <Reply>(name: string, keys: number): Script<Reply> => loadScript<Reply>(redis, new URL(`../../lua/${name}.lua`, import.meta.url), { keys });
    this.#redis = redis;
    this.#add = script('wish-add', 3);
    this.#remove = script('wish-remove', 2);
    this.#read = script('wish-read', 2);
    this.#drop = script('wish-drop', 4);
  }

  async add(userId: string, sku: string): Promise<WishStatus> {
    return (await this.#add([cartKeys.wishes(userId), cartKeys.priceBook, cartKeys.wishers(sku)], userId, sku, MOST_WISHES)) as WishStatus;
  }

  /** @returns false when it was not on the list */
  async remove(userId: string, sku: string): Promise<boolean> {
    return (await this.#remove([cartKeys.wishes(userId), cartKeys.wishers(sku)], userId, sku)) === 1;
  }

  /** The newest wish first. */
  async read(userId: string): Promise<Wish[]> {
    const reply = await this.#read([cartKeys.wishes(userId), cartKeys.priceBook]);
    const wishes: Wish[] = [];
    for (let i = 0; i < reply.length; i += 3) {
      const [sku = '', wish = '', entry = ''] = reply.slice(i, i + 3);
      const [amount, currency, second] = wish.split('|');
      const price = money(Number(amount), currency as Currency);
      wishes.push({ sku, price, wishedAt: new Date(Number(second) * 1_000), entry: entry === '' ? undefined : priceBookEntryOf(entry) });
    }
    return wishes.sort((a, b) => b.wishedAt.getTime() - a.wishedAt.getTime() || (a.sku < b.sku ? -1 : 1));
  }

  /** Those whose wish is dearer than `amount`, `limit` at a time, after the first `skip`. */
  async findWishersAbove(sku: string, amount: number, { skip, limit }: { skip: number; limit: number }): Promise<Wisher[]> {
    const found = await this.#redis.zrangebyscore(cartKeys.wishers(sku), `(${amount}`, '+inf', 'WITHSCORES', 'LIMIT', skip, limit).catch(unavailable);
    return found.flatMap((userId, i) => (i % 2 === 0 ? [{ userId, amount: Number(found[i + 1]) }] : []));
  }

  /** Lowers a wish to the price of now and announces it. */
  async drop({ userId, amount }: Wisher, sku: string, price: Money, event: Envelope): Promise<DropStatus> {
    const keys = [cartKeys.wishes(userId), cartKeys.wishers(sku), cartKeys.outbox, cartKeys.priceBook];
    return this.#drop(keys, userId, sku, amount, price.amount, price.currency, JSON.stringify(event));
  }

  /** Forgets all wishes of a customer. */
  async erase(userId: string): Promise<void> {
    for (const sku of await this.#redis.hkeys(cartKeys.wishes(userId)).catch(unavailable)) await this.remove(userId, sku);
  }
}

function unavailable(error: unknown): never {
  throw asUnavailable(error);
}
