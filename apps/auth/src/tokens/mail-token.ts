import { createHmac, timingSafeEqual } from 'node:crypto';

export const mailTokenPurposes = ['verify-email', 'reset-password'] as const;
export type MailTokenPurpose = (typeof mailTokenPurposes)[number];

/** How long a mailed link works, in milliseconds. */
export const mailTokenLifetimeMs: Readonly<Record<MailTokenPurpose, number>> = {
  'verify-email': 24 * 3_600_000,
  'reset-password': 3_600_000,
};

/** What is stored of a mailed token: never the token, which is derived from the reference when the mail is written. */
export interface MailToken {
  /** The reference, `mal_…`; events carry it. */
  readonly _id: string;
  readonly purpose: MailTokenPurpose;
  readonly userId: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly usedAt?: Date;
}

/** The token of a reference: only who holds the secret can make it, and it serves one purpose. */
export function deriveMailToken(secret: string, purpose: MailTokenPurpose, ref: string): string {
  return `${ref}.${proof(secret, purpose, ref).toString('base64url')}`;
}

/** The reference of a token, or undefined when the token was not made with this secret for this purpose. */
export function readMailToken(secret: string, purpose: MailTokenPurpose, token: string): string | undefined {
  const [, ref, given] = /^(mal_[0-9a-f]{32})\.([\w-]{43})$/u.exec(token) ?? [];
  if (ref === undefined || given === undefined) return undefined;
  return timingSafeEqual(Buffer.from(given, 'base64url'), proof(secret, purpose, ref)) ? ref : undefined;
}

function proof(secret: string, purpose: MailTokenPurpose, ref: string): Buffer {
  return createHmac('sha256', secret).update(`${purpose}:${ref}`).digest();
}
