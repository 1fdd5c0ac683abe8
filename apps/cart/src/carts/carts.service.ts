import { Injectable } from '@nestjs/common';
import { AppError } from '@shopfleet/kernel';
import { explainRefusal, standingRefusal, type ShippingMethodId } from '@shopfleet/pricing';
import { CouponBook } from '../coupons/coupon-book.store.ts';
import { skuOfLineId, type Cart } from './cart.ts';
import { refusalOf, type Asked } from './cart.errors.ts';
import { CartOwners, type CartOwner } from './cart-owner.ts';
import { CartStore, type Bought, type Change } from './cart.store.ts';

/** What a client may say about a change beside the change itself. */
export interface ChangeTerms {
  /** The version of If-Match. */
  readonly expectedVersion?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** The uses of a cart. Each method throws AppError when the change is refused; the cart is then as it was. */
@Injectable()
export class CartsService {
  constructor(
    private readonly store: CartStore,
    private readonly owners: CartOwners,
    private readonly coupons: CouponBook,
  ) {}

  async read(owner: CartOwner): Promise<Cart> {
    return this.store.read(owner.cartId);
  }

  async add(owner: CartOwner, sku: string, quantity: number, terms: ChangeTerms): Promise<Cart> {
    return cartOf(await this.store.add(owner.cartId, sku, quantity, { ...owner, ...terms }), { sku });
  }

  /** Sets how many pieces a line holds; 0 removes it. */
  async setQuantity(owner: CartOwner, lineId: string, quantity: number, { expectedVersion }: ChangeTerms): Promise<Cart> {
    const sku = skuOfLineId(lineId);
    if (sku === undefined) throw new AppError('not-found', { detail: `The cart has no line ${lineId}. Read the cart again for its lines.` });
    return cartOf(await this.store.setQuantity(owner.cartId, sku, quantity, { ...owner, expectedVersion }), { lineId });
  }

  async clear(owner: CartOwner, { expectedVersion }: ChangeTerms): Promise<Cart> {
    return cartOf(await this.store.clear(owner.cartId, { ...owner, expectedVersion }));
  }

  /** @throws AppError `not-found` for a code that nobody knows, `coupon-exhausted`, or `conflict` for one that does not hold now */
  async useCoupon(owner: CartOwner, code: string, { expectedVersion }: ChangeTerms): Promise<Cart> {
    const coupon = await this.coupons.find(code);
    if (coupon === undefined) throw new AppError('not-found', { detail: `There is no coupon ${code}. Check the spelling.` });
    // Whether the goods suffice is for the quote to say: they may still become more.
    const refusal = standingRefusal(coupon, Date.now());
    if (refusal !== undefined) throw new AppError(refusal === 'exhausted' ? 'coupon-exhausted' : 'conflict', { detail: explainRefusal(coupon, refusal), extensions: { refusal } });
    return cartOf(await this.store.choose(owner.cartId, { kind: 'coupon', chosen: code }, { ...owner, expectedVersion }));
  }

  async dropCoupon(owner: CartOwner, { expectedVersion }: ChangeTerms): Promise<Cart> {
    return cartOf(await this.store.choose(owner.cartId, { kind: 'coupon', chosen: undefined }, { ...owner, expectedVersion }));
  }

  async chooseShipping(owner: CartOwner, method: ShippingMethodId, { expectedVersion }: ChangeTerms): Promise<Cart> {
    return cartOf(await this.store.choose(owner.cartId, { kind: 'shipping-method', chosen: method }, { ...owner, expectedVersion }));
  }

  /** Moves a guest's lines into the customer's cart; `complete` is false when something did not fit and stayed behind. */
  async merge(userId: string, guestToken: string, { expectedVersion }: ChangeTerms): Promise<{ readonly cart: Cart; readonly complete: boolean }> {
    const customer = this.owners.customer(userId);
    const guest = this.owners.guest(guestToken);
    const change = await this.store.merge(
      { guestCartId: guest.cartId, customerCartId: customer.cartId, userId },
      { lifetime: customer.lifetime, expectedVersion },
    );
    return { cart: cartOf(change), complete: change.status === 'ok' };
  }

  /** Takes out what was bought, once per event. */
  async removeBought(eventId: string, bought: Bought): Promise<void> {
    await this.store.removeBought(eventId, bought);
  }

  /** Forgets the cart of somebody whose account is erased. */
  async forget(userId: string): Promise<void> {
    await this.store.erase(this.owners.customer(userId).cartId, userId);
  }
}

function cartOf(change: Change, asked?: Asked): Cart {
  const refusal = refusalOf(change, asked);
  if (refusal !== undefined) throw refusal;
  return change.cart;
}
