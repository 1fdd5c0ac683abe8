import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Tokens by which guests see their orders. A token is derived from the order's id, so that a repetition of the
 * checkout can give it again without its being stored anywhere.
 */
export class GuestAccess {
  private readonly key: Buffer;

  constructor(secret: string) {
    this.key = createHmac('sha256', secret).update('shopfleet order token').digest();
  }

  tokenOf(orderId: string): string {
    return createHmac('sha256', this.key).update(orderId).digest('base64url');
  }

  /** Compares in constant time. */
  opens(orderId: string, token: string): boolean {
    const expected = Buffer.from(this.tokenOf(orderId));
    const given = Buffer.from(token);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}
