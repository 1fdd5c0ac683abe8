import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '@shopfleet/kernel';

/** Carries the signature: `t=<seconds>,v1=<hex>`, with more than one `v1` while a secret changes. */
export const WEBHOOK_SIGNATURE_HEADER = 'webhook-signature';

/** Carries the identifier under which a repeated delivery is known; it is signed along. */
export const WEBHOOK_ID_HEADER = 'webhook-id';

/** How far the timestamp of a webhook may be from our clock, in seconds, on either side. */
export const WEBHOOK_WINDOW_SECONDS = 300;

const shortestSecret = 16;
// More than a sender who changes its secret needs; less than what would make verifying expensive.
const mostSignatures = 5;

function hmac(secret: string, id: string, timestamp: number, body: Buffer): Buffer {
  if (secret.length < shortestSecret) throw new TypeError(`a webhook secret has at least ${shortestSecret} characters`);
  return createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest();
}

/**
 * The value of the signature header: HMAC-SHA-256 over identifier, timestamp and raw body. Give the old secret as well
 * while receivers change to a new one.
 *
 * @param timestamp seconds since the epoch
 * @throws TypeError for a secret of less than 16 characters, and for an identifier with a dot
 * @example signWebhook(['whsec_…'], 'evt_0192…', Buffer.from(body), 1_764_000_000) // t=1764000000,v1=5f2c…
 */
export function signWebhook(secrets: readonly string[], id: string, body: Buffer, timestamp: number): string {
  if (!/^[\w-]{1,128}$/u.test(id)) throw new TypeError(`"${id}" is no identifier of a webhook`);
  return [`t=${timestamp}`, ...secrets.map((secret) => `v1=${hmac(secret, id, timestamp, body).toString('hex')}`)].join(',');
}

/** What came in. */
export interface WebhookToVerify {
  readonly id: string | undefined;
  readonly signature: string | undefined;
  /** Byte for byte what was received: a parsed and written body is another one. */
  readonly body: Buffer;
}

/**
 * Lets through only what somebody who knows one of the secrets has signed within the last 300 seconds.
 *
 * @param now milliseconds since the epoch
 * @throws AppError `unauthenticated`, which does not say whether signature or time is wrong where that would help a forger
 */
export function verifyWebhook(secrets: readonly string[], { id, signature, body }: WebhookToVerify, now: number): void {
  const { timestamp, candidates } = parse(signature);
  if (id === undefined || !/^[\w-]{1,128}$/u.test(id)) throw refused(`Send the header ${WEBHOOK_ID_HEADER}.`);
  const expected = secrets.map((secret) => hmac(secret, id, timestamp, body));
  // Every pair is compared, so that time tells nothing about which one matched.
  let matches = 0;
  for (const one of expected) for (const candidate of candidates) matches += timingSafeEqual(one, candidate) ? 1 : 0;
  if (matches === 0) throw refused('The signature does not match.');
  if (Math.abs(now / 1_000 - timestamp) > WEBHOOK_WINDOW_SECONDS) {
    throw refused(`The timestamp is more than ${WEBHOOK_WINDOW_SECONDS} seconds away from our clock; sign the delivery anew.`);
  }
}

function parse(header: string | undefined): { timestamp: number; candidates: Buffer[] } {
  const parts = (header ?? '').split(',', mostSignatures + 1).map((part) => part.trim().split('='));
  const timestamp = parts.find(([name]) => name === 't')?.[1];
  const candidates = parts.flatMap(([name, value = '']) => (name === 'v1' && /^[0-9a-f]{64}$/u.test(value) ? [Buffer.from(value, 'hex')] : []));
  if (timestamp === undefined || !/^\d{1,12}$/u.test(timestamp) || candidates.length === 0) {
    throw refused(`Send the header ${WEBHOOK_SIGNATURE_HEADER}: t=<seconds>,v1=<HMAC-SHA-256 as hex>.`);
  }
  return { timestamp: Number(timestamp), candidates };
}

function refused(detail: string): AppError {
  return new AppError('unauthenticated', { detail });
}
