import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError, newId } from '@shopfleet/kernel';

const LIFETIME_SECONDS = 30 * 86_400;

/** A token is renewed in the answer once less than half of its life is left, so that a guest who comes back keeps the cart. */
const RENEW_BELOW_SECONDS = LIFETIME_SECONDS / 2;

/** A guest's right to one cart. */
export interface GuestPass {
  readonly cartId: string;
  /** What the guest sends next time as `X-Cart-Token`. */
  readonly token: string;
}

/**
 * Signs and reads guests' cart tokens, `<cart id>.<expiry>.<signature>`: whoever holds one owns the cart, and nothing has
 * to be stored before something is put into it.
 */
export class CartTokens {
  readonly #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** A pass to a cart that does not exist yet. */
  issue(now = Date.now()): GuestPass {
    return this.#passTo(newId('crt'), now);
  }

  /** @throws AppError `unauthenticated` for a forged or expired token. */
  read(token: string, now = Date.now()): GuestPass {
    const [cartId = '', expiry = '', signature = '', ...rest] = token.split('.');
    const expiresAt = Number.parseInt(expiry, 36);
    const isGenuine = rest.length === 0 && isSame(signature, this.#sign(cartId, expiry));
    const secondsLeft = expiresAt - now / 1000;
    if (!isGenuine || !(secondsLeft > 0)) {
      throw new AppError('unauthenticated', {
        detail: 'This X-Cart-Token is not valid or has expired. Leave the header out to start a new cart.',
      });
    }
    return secondsLeft < RENEW_BELOW_SECONDS ? this.#passTo(cartId, now) : { cartId, token };
  }

  #passTo(cartId: string, now: number): GuestPass {
    const expiry = Math.floor(now / 1000 + LIFETIME_SECONDS).toString(36);
    return { cartId, token: `${cartId}.${expiry}.${this.#sign(cartId, expiry)}` };
  }

  #sign(cartId: string, expiry: string): string {
    return createHmac('sha256', this.#secret).update(`cart-token:${cartId}.${expiry}`).digest('base64url');
  }
}

function isSame(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
