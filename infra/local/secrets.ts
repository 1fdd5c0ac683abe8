import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LocalError } from './errors.ts';
import { writePrivate } from './servers/files.ts';

/** What the services of one instance know and nobody else does. Made once; kept, so that tokens outlive a restart. */
export interface Secrets {
  readonly internalToken: string;
  /** What the passwords of MongoDB and RabbitMQ come from; no service is given it. */
  readonly accountsKey: string;
  /** What the notification service signs with; in a shop made before there were accounts, the internal token. */
  readonly notificationKey: string;
  /** Absent in a shop made before there were accounts: order then derives it from the internal token. */
  readonly orderTokenSecret?: string;
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
    internalToken: newSecret(),
    accountsKey: newSecret(),
    notificationKey: newSecret(),
    orderTokenSecret: newSecret(),
    cartTokenSecret: newSecret(),
    authTokenSecret: newSecret(),
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
  const secrets: Secrets = { notificationKey: internalToken, ...parsed, internalToken, accountsKey: accountsKey ?? newSecret(), cartTokenSecret, authTokenSecret, authSigningKeys };
  if (accountsKey === undefined) writePrivate(file, JSON.stringify(secrets, undefined, 2));
  return secrets;
}

const newSecret = (): string => randomBytes(32).toString('base64url');

function signingKey(): Record<string, unknown> {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { ...privateKey.export({ format: 'jwk' }), kid: randomBytes(8).toString('hex'), alg: 'EdDSA', use: 'sig' };
}
