import { generateKeyPairSync, randomBytes } from 'node:crypto';

/** A private JWK with what rotation has to remember of it; services read past the last two. */
export interface SigningKey {
  readonly kid: string;
  readonly kty: string;
  /** When it was published, and when it began to sign: ISO times; absent for the first key of a shop. */
  readonly publishedAt?: string;
  readonly signsSince?: string;
}

/** What one step of a rotation did, in words for an operator. */
export interface RotationStep {
  readonly keys: readonly SigningKey[];
  readonly said: string;
}

export class RotationError extends Error {
  override readonly name = 'RotationError';
}

/** Services keep a fetched key set for ten minutes. */
const publishedForMs = 10 * 60_000;
/** Access tokens last 15 minutes, and clocks differ a little. */
const tokensGoneMs = 16 * 60_000;

export function newSigningKey(more: Partial<SigningKey> = {}): SigningKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { ...(privateKey.export({ format: 'jwk' }) as { kty: string }), kid: randomBytes(8).toString('hex'), ...more };
}

/**
 * The next step of changing the signing key so that nobody is logged out: publish a second key; when every service has
 * seen it, let it sign; when the last token of the old one has run out, drop the old one. After each step the auth service
 * has to be restarted (`npx pm2 reload auth-service --update-env`).
 *
 * @param force does not wait; tokens of the old key may then be refused
 * @throws RotationError that says how long to wait
 */
export function rotate(keys: readonly SigningKey[], now: Date, force = false): RotationStep {
  const [signing, other] = keys;
  if (signing === undefined) throw new RotationError('There is no key to rotate; make a set first: npm run secrets.');
  if (other === undefined) {
    const next = newSigningKey({ publishedAt: now.toISOString() });
    return { keys: [signing, next], said: `Key ${next.kid} is published beside ${signing.kid}. Restart auth, and run this again after 10 minutes.` };
  }
  if (signing.signsSince === undefined || Date.parse(other.publishedAt ?? '') > Date.parse(signing.signsSince)) {
    requirePassed(other.publishedAt, publishedForMs, now, force, 'until every service has seen the new key');
    const first = { ...other, signsSince: now.toISOString() };
    return { keys: [first, signing], said: `Key ${other.kid} signs now; ${signing.kid} is still accepted. Restart auth, and run this again after 16 minutes.` };
  }
  requirePassed(signing.signsSince, tokensGoneMs, now, force, 'until the last token of the old key has run out');
  return { keys: [signing], said: `Key ${other.kid} is gone; ${signing.kid} signs alone. Restart auth; the rotation is done.` };
}

function requirePassed(since: string | undefined, ms: number, now: Date, force: boolean, why: string): void {
  const left = Date.parse(since ?? '') + ms - now.getTime();
  if (!force && left > 0) throw new RotationError(`Wait ${Math.ceil(left / 60_000)} more minutes ${why}, or say --force.`);
}
