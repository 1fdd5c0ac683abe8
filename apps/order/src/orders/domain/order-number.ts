import { randomBytes } from 'node:crypto';

/** Crockford's alphabet: no I, L, O or U, so that a number read out on the phone is understood. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * A readable order number such as `SF-7K3M-9Q2P`: 40 random bits, which reveal nothing of the shop's sales.
 * Two may clash; the unique index finds it and the order is placed again under another number.
 */
export const newOrderNumber = (random: (size: number) => Uint8Array = randomBytes): string => {
  const letters = [...random(8)].map((byte) => alphabet[byte & 31]);
  return `SF-${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`;
};

/** The form of every order number. */
export const orderNumberPattern = /^SF-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/;
