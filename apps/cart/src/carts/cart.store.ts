import { Injectable } from '@nestjs/common';
import { cartMerged, createEvent, type StockLine } from '@shopfleet/contracts';
import { asUnavailable, loadScript, RedisStateClient, type Script } from '@shopfleet/redis';
import { MOST_LINES, MOST_PIECES, type Cart } from './cart.ts';
import { cartKeys } from './cart-keys.ts';
import { cartOfSnapshot, type Snapshot } from './cart-snapshot.ts';

const DAY_SECONDS = 86_400;

/** A guest's cart lives as long as its token. */
export const GUEST_CART_SECONDS = 30 * DAY_SECONDS;

/** A customer's cart is kept for half a year after the last change. */
export const CUSTOMER_CART_SECONDS = 180 * DAY_SECONDS;

/** Longer than the broker's retries and a dead-letter queue waiting for an operator. */
const INBOX_SECONDS = 14 * DAY_SECONDS;

const REQUEST_SECONDS = DAY_SECONDS;

/** How a change ended; at everything but `ok` and `partly` the cart is as it was. */
export type ChangeStatus =
  | 'ok'
  | 'partly'
  | 'unknown-sku'
  | 'no-line'
  | 'stale'
  | 'currency'
  | 'too-many-lines'
  | 'too-many-pieces'
  | 'key-reused';

/** The cart after a change, or unchanged where the status says so. */
export interface Change {
  readonly status: ChangeStatus;
  readonly cart: Cart;
}

/** What every change may carry. */
export interface ChangeOptions {
  /** Seconds that the cart lives on after the change. */
  readonly lifetime: number;
  /** The version the client has seen (If-Match); undefined changes whatever is there. */
  readonly expectedVersion?: string | undefined;
  /** Whose cart it is; undefined for a guest's. */
  readonly userId?: string | undefined;
}

/** What is chosen for a whole cart. */
export type Choice = { readonly kind: 'coupon' | 'shipping-method'; readonly chosen: string | undefined };

const choiceFields = { coupon: 'cp', 'shipping-method': 'sm' } as const;

/** What an order bought out of a cart. */
export interface Bought {
  readonly cartId: string;
  readonly userId?: string | undefined;
  /** Used up with the order, so it leaves the cart too. */
  readonly couponCode?: string | undefined;
  readonly lines: readonly StockLine[];
}

/** Carts in redis-state. Every change is one script: nobody reads, decides and writes back. */
@Injectable()
export class CartStore {
  readonly #read: Script<Snapshot>;
  readonly #add: Script<Snapshot>;
  readonly #setQuantity: Script<Snapshot>;
  readonly #clear: Script<Snapshot>;
  readonly #choose: Script<Snapshot>;
  readonly #merge: Script<Snapshot>;
  readonly #removeBought: Script<number>;

  constructor(private readonly redis: RedisStateClient) {
    const script = <Reply>(name: string, keys: number): Script<Reply> =>
      loadScript<Reply>(redis, new URL(`../../lua/${name}.lua`, import.meta.url), { keys });
    this.#read = script('cart-read', 3);
    this.#add = script('cart-add', 5);
    this.#setQuantity = script('cart-set-quantity', 4);
    this.#clear = script('cart-clear', 4);
    this.#choose = script('cart-choose', 4);
    this.#merge = script('cart-merge', 6);
    this.#removeBought = script('cart-remove-bought', 3);
  }

  async read(cartId: string): Promise<Cart> {
    return cartOfSnapshot(cartId, await this.#read(seenBy(cartId)));
  }

  /** Adds pieces of a SKU. A request repeated under the same idempotency key adds nothing. */
  async add(cartId: string, sku: string, quantity: number, options: ChangeOptions & { readonly idempotencyKey?: string | undefined }): Promise<Change> {
    const { lifetime, expectedVersion = '', userId = '', idempotencyKey } = options;
    const reply = await this.#add(
      [...seenBy(cartId), cartKeys.request(cartId, idempotencyKey ?? ''), cartKeys.touched],
      sku,
      quantity,
      lifetime,
      MOST_LINES,
      MOST_PIECES,
      expectedVersion,
      idempotencyKey === undefined ? '' : `${sku}|${quantity}`,
      REQUEST_SECONDS,
      userId,
    );
    return changeOf(cartId, reply);
  }

  /** Sets how many pieces of a SKU the cart holds; 0 removes the line. */
  async setQuantity(cartId: string, sku: string, quantity: number, { lifetime, expectedVersion = '', userId = '' }: ChangeOptions): Promise<Change> {
    return changeOf(cartId, await this.#setQuantity([...seenBy(cartId), cartKeys.touched], sku, quantity, lifetime, expectedVersion, userId));
  }

  async clear(cartId: string, { lifetime, expectedVersion = '', userId = '' }: ChangeOptions): Promise<Change> {
    return changeOf(cartId, await this.#clear([...seenBy(cartId), cartKeys.touched], lifetime, expectedVersion, userId));
  }

  /** Notes a coupon or a shipping method, or takes it back. */
  async choose(cartId: string, { kind, chosen = '' }: Choice, { lifetime, expectedVersion = '', userId = '' }: ChangeOptions): Promise<Change> {
    return changeOf(cartId, await this.#choose([...seenBy(cartId), cartKeys.touched], choiceFields[kind], chosen, lifetime, expectedVersion, userId));
  }

  /** Moves a guest's lines into a customer's cart; repeating it moves only what is new. Announces `cart.merged.v1`. */
  async merge(from: { readonly guestCartId: string; readonly customerCartId: string; readonly userId: string }, options: ChangeOptions): Promise<Change> {
    const { guestCartId, customerCartId, userId } = from;
    const event = createEvent(cartMerged, {
      source: 'cart',
      subject: customerCartId,
      // The script, which alone knows it, puts the version in.
      data: { cartId: customerCartId, userId, fromCartId: guestCartId, version: 0 },
    });
    const reply = await this.#merge(
      [...seenBy(customerCartId), cartKeys.cart(guestCartId), cartKeys.outbox, cartKeys.touched],
      options.lifetime,
      MOST_LINES,
      MOST_PIECES,
      options.expectedVersion ?? '',
      JSON.stringify(event),
      userId,
    );
    return changeOf(customerCartId, reply);
  }

  /** Forgets a cart for good. */
  async erase(cartId: string, userId: string): Promise<void> {
    await Promise.all([this.redis.unlink(cartKeys.cart(cartId)), this.redis.zrem(cartKeys.touched, userId)]).catch((error: unknown) => {
      throw asUnavailable(error);
    });
  }

  /** Takes out what an order has bought. @returns false when this event was handled before */
  async removeBought(eventId: string, { cartId, userId = '', couponCode = '', lines }: Bought): Promise<boolean> {
    const bought = lines.flatMap(({ sku, quantity }) => [sku, quantity]);
    return (await this.#removeBought([cartKeys.cart(cartId), cartKeys.inbox(eventId), cartKeys.touched], INBOX_SECONDS, userId, couponCode, ...bought)) === 1;
  }
}

// What lua/cart-snapshot.lua reads.
function seenBy(cartId: string): readonly string[] {
  return [cartKeys.cart(cartId), cartKeys.priceBook, cartKeys.availability];
}

function changeOf(cartId: string, reply: Snapshot): Change {
  return { status: reply[0] as ChangeStatus, cart: cartOfSnapshot(cartId, reply) };
}
