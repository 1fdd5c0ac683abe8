import { Injectable } from '@nestjs/common';
import type { Principal } from '@shopfleet/identity';
import { CUSTOMER_CART_SECONDS, GUEST_CART_SECONDS } from './cart.store.ts';
import { CartTokens } from './cart-token.ts';

/** Whose cart a request is about. */
export interface CartOwner {
  readonly cartId: string;
  /** Seconds that the cart lives on after a change. */
  readonly lifetime: number;
  /** The customer's id; undefined for a guest. */
  readonly userId?: string;
  /** What a guest sends next time; undefined for a customer. */
  readonly token?: string;
}

/** Finds the cart of a request: the customer's own when somebody has logged in, else the guest's. */
@Injectable()
export class CartOwners {
  constructor(private readonly tokens: CartTokens) {}

  /** @throws AppError `unauthenticated` for a wrong cart token; a guest without one gets a new cart. */
  ownerOf(principal: Principal | undefined, cartToken: string | undefined): CartOwner {
    if (principal !== undefined) return this.customer(principal.userId);
    return this.guest(cartToken);
  }

  customer(userId: string): CartOwner {
    // A customer has one cart on all devices, so its id follows from theirs and nothing has to be looked up.
    return { cartId: `crt_${userId.replace(/^usr_/u, '')}`, lifetime: CUSTOMER_CART_SECONDS, userId };
  }

  guest(cartToken: string | undefined): CartOwner {
    const pass = cartToken === undefined ? this.tokens.issue() : this.tokens.read(cartToken);
    return { cartId: pass.cartId, lifetime: GUEST_CART_SECONDS, token: pass.token };
  }
}
