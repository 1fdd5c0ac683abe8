import { describe, expect, it } from 'vitest';
import { CartTokens } from './cart-token.ts';

const DAY_MS = 86_400_000;
const now = Date.parse('2026-11-20T10:00:00Z');
const tokens = new CartTokens('a-secret-of-the-test');

describe('CartTokens', () => {
  it('reads what it issued', () => {
    const pass = tokens.issue(now);
    expect(pass.cartId).toMatch(/^crt_[0-9a-f]{32}$/u);
    expect(tokens.read(pass.token, now)).toEqual(pass);
  });

  it('renews a token that is half used, for the same cart', () => {
    const pass = tokens.issue(now);
    const later = tokens.read(pass.token, now + 20 * DAY_MS);
    expect(later.cartId).toBe(pass.cartId);
    expect(later.token).not.toBe(pass.token);
    expect(tokens.read(later.token, now + 45 * DAY_MS).cartId).toBe(pass.cartId);
  });

  it('refuses an expired token', () => {
    expect(() => tokens.read(tokens.issue(now).token, now + 31 * DAY_MS)).toThrow(/has expired/u);
  });

  it('refuses tokens of another secret, of another cart or with a longer life', () => {
    const { token } = tokens.issue(now);
    const [cartId, expiry, signature] = token.split('.');
    const forged = [new CartTokens('another-secret').issue(now).token, `crt_other.${expiry}.${signature}`, `${cartId}.zzzzzz.${signature}`, `${token}.x`, `${cartId}.${expiry}.`, '', 'x'];
    for (const text of forged) expect(() => tokens.read(text, now), text).toThrow(expect.objectContaining({ code: 'unauthenticated' }));
  });
});
