import { Injectable } from '@nestjs/common';
import { accessTokenAudience, accessTokenType } from '@shopfleet/identity';
import { importJWK, SignJWT, type CryptoKey, type JSONWebKeySet } from 'jose';
import type { Account } from '../accounts/domain/account.ts';
import { config, type SigningKey } from '../config.ts';

/** Seconds that an access token is valid for; roles and blocks take effect within this time. */
export const accessTokenLifetimeSeconds = 900;

const algorithmOf = (key: SigningKey): 'EdDSA' | 'ES256' => (key.kty === 'OKP' ? 'EdDSA' : 'ES256');

/** The public halves of the keys, as everybody may see them. */
export function publicKeySet(keys: readonly SigningKey[]): JSONWebKeySet {
  return { keys: keys.map((key) => ({ ...publicHalf(key), kid: key.kid, alg: algorithmOf(key), use: 'sig' })) };
}

// Picks what is public instead of dropping what is private: a member that is added later stays inside.
function publicHalf(key: SigningKey): { kty: string; crv: string; x: string; y?: string } {
  const { kty, crv, x } = key;
  return key.kty === 'EC' ? { kty, crv, x, y: key.y } : { kty, crv, x };
}

/** Signs access tokens with the first of the configured keys. */
@Injectable()
export class AccessTokenIssuer {
  private key: Promise<CryptoKey> | undefined;

  async issue(account: Account, sessionId: string): Promise<string> {
    const [signing] = config.AUTH_SIGNING_KEYS;
    if (signing === undefined) throw new Error('AUTH_SIGNING_KEYS is empty');
    this.key ??= importPrivateKey(signing);
    return new SignJWT({
      sid: sessionId,
      roles: [...account.roles],
      email: account.email,
      locale: account.locale,
      ...(account.partnerId !== undefined && { partnerId: account.partnerId }),
    })
      .setProtectedHeader({ alg: algorithmOf(signing), kid: signing.kid, typ: accessTokenType })
      .setSubject(account._id)
      .setIssuer(config.PUBLIC_URL)
      .setAudience(accessTokenAudience)
      .setIssuedAt()
      .setExpirationTime(`${accessTokenLifetimeSeconds}s`)
      .sign(await this.key);
  }
}

async function importPrivateKey(key: SigningKey): Promise<CryptoKey> {
  const imported = await importJWK(key, algorithmOf(key));
  if (imported instanceof Uint8Array) throw new Error('a signing key must be asymmetric');
  return imported;
}
