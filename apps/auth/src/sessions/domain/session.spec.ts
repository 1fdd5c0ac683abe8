import { describe, expect, it } from 'vitest';
import { deriveRefreshToken, isGenuine, parseRefreshToken } from './refresh-token.ts';
import { idleMs, judgeRefresh, maxAgeMs, openSession, parallelRefreshMs, rotateSession, type Session } from './session.ts';

const now = new Date('2026-11-20T10:00:00Z');
const later = (ms: number): Date => new Date(now.getTime() + ms);
const secret = 'a secret of thirty-two characters';
const opened = (): Session => openSession('usr_1', { ip: '192.0.2.1' }, now);

describe('session', () => {
  it('hands out the next generation for the current one', () => {
    expect(judgeRefresh(opened(), 0, now)).toBe('rotate');
    expect(rotateSession(opened(), later(5))).toMatchObject({ generation: 1, rotatedAt: later(5), expiresAt: later(5 + idleMs) });
  });

  it('repeats the successor for ten seconds and then calls it reuse', () => {
    const session = rotateSession(opened(), now);
    expect(judgeRefresh(session, 0, later(parallelRefreshMs))).toBe('repeat');
    expect(judgeRefresh(session, 0, later(parallelRefreshMs + 1))).toBe('reuse');
  });

  it('calls a token reuse that is two generations old, however young', () => {
    expect(judgeRefresh(rotateSession(rotateSession(opened(), now), now), 0, now)).toBe('reuse');
  });

  it('is over when revoked, idle too long or too old', () => {
    expect(judgeRefresh({ ...opened(), revokedAt: now }, 0, now)).toBe('ended');
    expect(judgeRefresh(opened(), 0, later(idleMs))).toBe('ended');
    expect(rotateSession(opened(), later(maxAgeMs - 1000)).expiresAt).toEqual(later(maxAgeMs));
  });
});

describe('refresh token', () => {
  it('is the same for the same generation and accepted as ours', () => {
    const session = opened();
    const token = deriveRefreshToken(secret, session);
    expect(deriveRefreshToken(secret, session)).toBe(token);
    const presented = parseRefreshToken(token);
    expect(presented).toMatchObject({ sessionId: session._id, generation: 0 });
    expect(presented !== undefined && isGenuine(secret, session, presented)).toBe(true);
  });

  it('is not ours with another generation, seed or secret', () => {
    const session = opened();
    const presented = parseRefreshToken(deriveRefreshToken(secret, session));
    if (presented === undefined) return expect.unreachable();
    expect(isGenuine(secret, session, { ...presented, generation: 1 })).toBe(false);
    expect(isGenuine(secret, { ...session, seed: 'other' }, presented)).toBe(false);
    expect(isGenuine(`${secret}!`, session, presented)).toBe(false);
  });

  it.each(['', 'x', 'ses_1.0.abc', 'ses_0192f7c1aaaa7000800000000000000f.-1.' + 'a'.repeat(43), '__proto__.0.' + 'a'.repeat(43)])('does not read %s', (text) => {
    expect(parseRefreshToken(text)).toBeUndefined();
  });
});
