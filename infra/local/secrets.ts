import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LocalError } from './errors.ts';
import { writePrivate } from './files.ts';

/** What the services of one instance know and nobody else does. Made once; kept, so that tokens outlive a restart. */
export interface Secrets {
  readonly internalToken: string;
  /** What the passwords of MongoDB and RabbitMQ come from; no service is given it. */
  readonly accountsKey: string;
  readonly cartTokenSecret: string;
  readonly authTokenSecret: string;
  /** Private JWKs (Ed25519); the first signs. */
  readonly authSigningKeys: readonly Record<string, unknown>[];
}

/** The secrets in `file`, made on the first call. @throws LocalError when the file is there but damaged. */
export function ensureSecrets(file: string): Secrets {
  if (existsSync(file)) return readSecrets(file);
  mkdirSync(path.dirname(file), { recursive: true });
  const secrets: Secrets = {
    internalToken: randomBytes(32).toString('base64url'),
    accountsKey: randomBytes(32).toString('base64url'),
    cartTokenSecret: randomBytes(32).toString('base64url'),
    authTokenSecret: randomBytes(32).toString('base64url'),
    authSigningKeys: [signingKey()],
  };
  writePrivate(file, JSON.stringify(secrets, undefined, 2));
  return secrets;
}

function readSecrets(file: string): Secrets {
  const advice = `${file} is damaged. Restore it, or remove it to have new secrets made (everybody has to log in again).`;
  let parsed: Partial<Secrets>;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>;
  } catch (error) {
    throw new LocalError(advice, { cause: error });
  }
  const { internalToken, accountsKey, cartTokenSecret, authTokenSecret, authSigningKeys } = parsed;
  if (!internalToken || !cartTokenSecret || !authTokenSecret || !authSigningKeys?.length) throw new LocalError(advice);
  if (accountsKey) return { internalToken, accountsKey, cartTokenSecret, authTokenSecret, authSigningKeys };
  // Made before there were accounts.
  const completed = { ...parsed, internalToken, accountsKey: randomBytes(32).toString('base64url'), cartTokenSecret, authTokenSecret, authSigningKeys };
  writePrivate(file, JSON.stringify(completed, undefined, 2));
  return completed;
}

function signingKey(): Record<string, unknown> {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { ...privateKey.export({ format: 'jwk' }), kid: randomBytes(8).toString('hex'), alg: 'EdDSA', use: 'sig' };
}
