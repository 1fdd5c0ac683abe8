import { AppError } from '@shopfleet/kernel';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { config } from '../config.ts';
import type { Session } from './domain/session.ts';

/** The prefix makes browsers refuse it over plain http. */
export const refreshCookieName = '__Secure-shopfleet-refresh';

const attributes = { name: refreshCookieName, httpOnly: true, secure: true, sameSite: 'strict', path: '/api/auth' } as const;

export function readRefreshCookie(request: FastifyRequest): string | undefined {
  const { cookie } = request.headers;
  return cookie === undefined ? undefined : parseCookie(cookie)[refreshCookieName];
}

export function setRefreshCookie(reply: FastifyReply, token: string, session: Session): void {
  void reply.header('set-cookie', stringifySetCookie({ ...attributes, value: token, expires: session.expiresAt }));
}

export function clearRefreshCookie(reply: FastifyReply): void {
  void reply.header('set-cookie', stringifySetCookie({ ...attributes, value: '', maxAge: 0 }));
}

/**
 * Refuses a request that another site's page has made: SameSite keeps the cookie from most, this from the rest. Clients
 * that are no browsers send no Origin.
 * @throws AppError `forbidden`
 */
export function assertOwnOrigin(request: FastifyRequest): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (origin === undefined && site === 'cross-site') throw new AppError('forbidden', { detail: 'Pages of other sites may not use this login.' });
  if (origin === undefined || origin === new URL(config.PUBLIC_URL).origin || config.ALLOWED_ORIGINS.includes(origin)) return;
  throw new AppError('forbidden', { detail: `Pages of ${origin.slice(0, 200)} may not use this login. Add the origin to ALLOWED_ORIGINS if it is the shop's own.` });
}
