import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Session } from './session.ts';

/** The refresh token of the session's current generation. The database without the secret yields none, nor the secret without the database. */
export function deriveRefreshToken(secret: string, session: Session): string {
  return `${session._id}.${session.generation}.${proof(secret, session, session.generation).toString('base64url')}`;
}

export interface PresentedRefreshToken {
  readonly sessionId: string;
  readonly generation: number;
  readonly proof: string;
}

/** Takes a token apart without judging it; undefined when it has not the form of one. */
export function parseRefreshToken(token: string): PresentedRefreshToken | undefined {
  const [, sessionId, generation, given] = /^(ses_[0-9a-f]{32})\.(\d{1,9})\.([\w-]{43})$/u.exec(token) ?? [];
  if (sessionId === undefined || generation === undefined || given === undefined) return undefined;
  return { sessionId, generation: Number(generation), proof: given };
}

/** Whether we have made this token for this session; in constant time. */
export function isGenuine(secret: string, session: Session, presented: PresentedRefreshToken): boolean {
  return timingSafeEqual(Buffer.from(presented.proof, 'base64url'), proof(secret, session, presented.generation));
}

function proof(secret: string, { _id, seed }: Session, generation: number): Buffer {
  return createHmac('sha256', secret).update(`refresh:${_id}:${seed}:${generation}`).digest();
}
