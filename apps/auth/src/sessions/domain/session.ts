import { randomBytes } from 'node:crypto';
import { newId } from '@shopfleet/kernel';
import { deviceOf } from './device.ts';

/**
 * One login on one device, and with it a family of refresh tokens: generation 0 is handed out at login, each refresh
 * hands out the next. No token is stored; each is derived from secret, seed and generation (see refresh-token.ts), which
 * is why parallel refreshes can be given the very same successor.
 */
export interface Session {
  /** `ses_…` */
  readonly _id: string;
  readonly userId: string;
  readonly seed: string;
  /** The generation that is current. */
  readonly generation: number;
  /** When the current generation was first handed out. */
  readonly rotatedAt: Date;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  /** Ends the session; moves with each refresh up to `maxAgeMs` after the login. */
  readonly expiresAt: Date;
  readonly ip: string;
  readonly userAgent?: string;
  /** As its owner would name it. */
  readonly device: string;
  readonly revokedAt?: Date;
  readonly revokedReason?: RevocationReason;
}

export type RevocationReason = 'logout' | 'revoked-by-owner' | 'refresh-token-reuse' | 'password-reset';

/** Without a refresh for this long a session ends. */
export const idleMs = 30 * 86_400_000;
/** After this time somebody logs in again, however busy they were. */
export const maxAgeMs = 90 * 86_400_000;
/** How long after a refresh its parallel twins (other tabs, a retry after a lost answer) get the same successor. */
export const parallelRefreshMs = 10_000;

export function openSession(userId: string, { ip, userAgent }: { readonly ip: string; readonly userAgent?: string }, now: Date): Session {
  return {
    _id: newId('ses'),
    userId,
    seed: randomBytes(24).toString('base64url'),
    generation: 0,
    rotatedAt: now,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: new Date(now.getTime() + idleMs),
    ip,
    device: deviceOf(userAgent),
    ...(userAgent !== undefined && { userAgent }),
  };
}

/**
 * What a refresh token of one generation means now: `rotate` hands out the next generation, `repeat` the current one
 * again, `reuse` is an old token that somebody may have stolen, `ended` is a session that is over.
 */
export type RefreshVerdict = 'rotate' | 'repeat' | 'reuse' | 'ended';

export function judgeRefresh(session: Session, generation: number, now: Date): RefreshVerdict {
  if (session.revokedAt !== undefined || session.expiresAt <= now) return 'ended';
  if (generation === session.generation) return 'rotate';
  const justReplaced = generation === session.generation - 1 && now.getTime() - session.rotatedAt.getTime() <= parallelRefreshMs;
  return justReplaced ? 'repeat' : 'reuse';
}

/** The session after its current token was used. */
export function rotateSession(session: Session, now: Date): Session {
  const expiresAt = new Date(Math.min(now.getTime() + idleMs, session.createdAt.getTime() + maxAgeMs));
  return { ...session, generation: session.generation + 1, rotatedAt: now, lastUsedAt: now, expiresAt };
}
