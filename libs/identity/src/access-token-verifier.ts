import { createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify, type JSONWebKeySet, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { AppError } from '@shopfleet/kernel';
import type { Principal } from './principal.ts';
import { isRole } from './roles.ts';
import { TokenMemo } from './token-memo.ts';

/** Claims that every access token carries. */
export const accessTokenType = 'at+jwt';
/** The audience of access tokens: the shop's APIs as a whole. */
export const accessTokenAudience = 'shopfleet';
/** Signature algorithms that are accepted; a header can name another, but it gets 401. */
export const accessTokenAlgorithms = ['EdDSA', 'ES256'] as const;

// Both sides of a skew of a few seconds between machines.
const clockToleranceSeconds = 5;
// A forged key id may make us ask for the key set again at most this often.
const keySetCooldownMs = 5_000;
const keySetMaxAgeMs = 600_000;
const keySetTimeoutMs = 2_000;
const memoCapacity = 10_000;

export interface AccessTokenVerifierOptions {
  /** Where the public keys are: a URL that answers a JWK set, or the set itself (in the service that owns the keys). */
  readonly keys: URL | JSONWebKeySet;
  /** The `iss` that tokens must carry: the shop's public URL. */
  readonly issuer: string;
  readonly audience: string;
}

/** Turns access tokens into principals. Safe for concurrent use; keeps the key set and verified tokens in memory. */
export class AccessTokenVerifier {
  private readonly memo = new TokenMemo(memoCapacity);
  private readonly key: JWTVerifyGetKey;
  private readonly options: AccessTokenVerifierOptions;

  constructor(options: AccessTokenVerifierOptions) {
    this.options = options;
    this.key = options.keys instanceof URL ? remoteKeys(options.keys) : createLocalJWKSet(options.keys);
  }

  /**
   * @throws AppError `unauthenticated` when the token is forged, expired or not for this shop; `dependency-unavailable`
   * when no key set could be fetched so far
   */
  async verify(token: string): Promise<Principal> {
    const known = this.memo.find(token, Date.now());
    if (known !== undefined) return known;
    const payload = await this.verifiedPayload(token);
    const principal = principalOf(payload);
    this.memo.remember(token, principal, (payload.exp ?? 0) * 1000);
    return principal;
  }

  private async verifiedPayload(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, this.key, {
        algorithms: [...accessTokenAlgorithms],
        issuer: this.options.issuer,
        audience: this.options.audience,
        typ: accessTokenType,
        clockTolerance: clockToleranceSeconds,
        requiredClaims: ['sub', 'exp', 'iat', 'sid', 'roles'],
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw unauthenticated('The access token has expired; refresh it or log in again.', error);
      if (error instanceof AppError) throw error;
      throw unauthenticated('The access token is not valid; log in again.', error);
    }
  }
}

// jose forgets its keys when they are older than the maximum age and cannot be fetched. The keys of the last good answer
// keep working here: while auth is away it issues no new tokens, and those in use run out by themselves.
function remoteKeys(url: URL): JWTVerifyGetKey {
  const remote = createRemoteJWKSet(url, { cooldownDuration: keySetCooldownMs, cacheMaxAge: keySetMaxAgeMs, timeoutDuration: keySetTimeoutMs });
  return async (header, token) => {
    try {
      return await remote(header, token);
    } catch (error) {
      // The key set was there and has no such key, or more than one: the token is to blame, not the network.
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys || error instanceof errors.JOSENotSupported) throw error;
      const lastGood = remote.jwks();
      if (lastGood !== undefined) return createLocalJWKSet(lastGood)(header, token);
      throw new AppError('dependency-unavailable', {
        detail: 'Your login cannot be checked at the moment; try again in a few seconds.',
        retryAfterSeconds: 2,
        cause: error,
      });
    }
  };
}

function principalOf(payload: JWTPayload): Principal {
  const { sub, sid, roles, email, locale, partnerId } = payload;
  if (typeof sub !== 'string' || typeof sid !== 'string' || !Array.isArray(roles)) throw unauthenticated('The access token is not valid; log in again.');
  return {
    userId: sub,
    sessionId: sid,
    // A role that this release does not know gives nothing.
    roles: roles.filter((role): role is string => typeof role === 'string').filter(isRole),
    ...(typeof email === 'string' ? { email } : {}),
    ...(typeof locale === 'string' ? { locale } : {}),
    ...(typeof partnerId === 'string' ? { partnerId } : {}),
  };
}

function unauthenticated(detail: string, cause?: unknown): AppError {
  return new AppError('unauthenticated', { detail, cause });
}
