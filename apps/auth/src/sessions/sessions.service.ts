import { Injectable } from '@nestjs/common';
import { createEvent, userDeviceAdded } from '@shopfleet/contracts';
import type { Principal } from '@shopfleet/identity';
import { AppError } from '@shopfleet/kernel';
import { Transactions } from '@shopfleet/mongo';
import { Outbox } from '@shopfleet/outbox';
import { AccountsRepository } from '../accounts/accounts.repository.ts';
import type { LoginRequest } from '../accounts/accounts.requests.ts';
import type { Account } from '../accounts/domain/account.ts';
import { PasswordHasher } from '../accounts/password-hasher.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { Client } from '../client.ts';
import { config } from '../config.ts';
import { AccessTokenIssuer } from '../tokens/access-token-issuer.ts';
import { deriveRefreshToken, isGenuine, parseRefreshToken, type PresentedRefreshToken } from './domain/refresh-token.ts';
import { judgeRefresh, openSession, rotateSession, type Session } from './domain/session.ts';
import { LoginAttempts } from './login-attempts.ts';
import { SessionsRepository } from './sessions.repository.ts';

/** What a login or a refresh gives. */
export interface Admission {
  readonly account: Account;
  readonly session: Session;
  readonly accessToken: string;
  readonly refreshToken: string;
}

// A refresh that lost a race reads the session again and is then judged as the parallel twin it is; more than a few
// rounds mean that somebody rotates as fast as we read.
const refreshRounds = 4;

@Injectable()
export class SessionsService {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly sessions: SessionsRepository,
    private readonly passwords: PasswordHasher,
    private readonly tokens: AccessTokenIssuer,
    private readonly attempts: LoginAttempts,
    private readonly audit: AuditTrail,
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
  ) {}

  /** @throws AppError `unauthenticated`, `email-not-verified` (only to who knows the password), `rate-limited` */
  async login({ email, password }: LoginRequest, client: Client): Promise<Admission> {
    const account = await this.accounts.findByEmail(email);
    const known = await this.attempts.guard(email, account, client, () => this.passwords.matches(password, account?.passwordHash));
    if (account === undefined || !known) {
      await this.audit.record({ action: 'session.login-failed', actor: 'anonymous', target: account?._id ?? 'unknown', client });
      throw new AppError('unauthenticated', { detail: 'E-mail address or password is wrong. Try again, or ask for a new password.' });
    }
    if (!account.emailVerified) {
      throw new AppError('email-not-verified', { detail: 'Follow the link in the mail that we sent you first; register again to get another one.' });
    }
    const session = openSession(account._id, client, new Date());
    // The trail first: a login without its row must not exist.
    await this.audit.record({ action: 'session.login', actor: account._id, actorRoles: account.roles, target: session._id, client });
    await this.begin(account, session);
    return this.admit(account, session);
  }

  /**
   * Exchanges a refresh token for its successor.
   * @throws AppError `unauthenticated` when the token is not ours, or over; a token that was replaced before also ends
   * the session, since one of its two holders has stolen it
   */
  async refresh(token: string | undefined, client: Client): Promise<Admission> {
    const presented = token === undefined ? undefined : parseRefreshToken(token);
    if (presented === undefined) throw loginAgain();
    const session = await this.successorOf(presented, client);
    const account = await this.accounts.findById(session.userId);
    if (account === undefined) throw loginAgain();
    return this.admit(account, session);
  }

  /** Ends the session of a refresh token; does nothing when there is none. */
  async logout(token: string | undefined, client: Client): Promise<void> {
    const presented = token === undefined ? undefined : parseRefreshToken(token);
    const session = presented === undefined ? undefined : await this.sessions.findById(presented.sessionId);
    if (presented === undefined || session === undefined || !isGenuine(config.AUTH_TOKEN_SECRET, session, presented)) return;
    await this.endSessionOf({ userId: session.userId, sessionId: session._id }, client);
  }

  /** Ends a session at its holder's wish; does nothing when it is over already. */
  async endSessionOf({ userId, sessionId }: Pick<Principal, 'userId' | 'sessionId'>, client: Client): Promise<void> {
    if (await this.sessions.revoke(sessionId, userId, 'logout', new Date())) {
      await this.audit.record({ action: 'session.logout', actor: userId, target: sessionId, client });
    }
  }

  openSessionsOf(principal: Principal): Promise<Session[]> {
    return this.sessions.findOpenByUser(principal.userId, new Date());
  }

  /** @throws AppError `not-found` also for somebody else's session */
  async revokeOwn(principal: Principal, sessionId: string, client: Client): Promise<void> {
    const revoked = await this.sessions.revoke(sessionId, principal.userId, 'revoked-by-owner', new Date());
    if (!revoked) throw new AppError('not-found', { detail: `You have no open session ${sessionId}.` });
    await this.audit.record({ action: 'session.revoke', actor: principal.userId, actorRoles: principal.roles, target: sessionId, client });
  }

  // Whoever has stolen a password must not be the only one who knows of it.
  private async begin({ _id, email, locale }: Account, session: Session): Promise<void> {
    if (!(await this.sessions.isNewDevice(_id, session.device))) return this.sessions.add(session);
    await this.transactions.run(async (transaction) => {
      await this.sessions.add(session, transaction);
      const data = { userId: _id, contact: { email, locale }, sessionId: session._id, device: session.device, at: session.createdAt.toISOString() };
      await this.outbox.append(transaction, [createEvent(userDeviceAdded, { source: 'auth', subject: _id, data })]);
    });
  }

  private async successorOf(presented: PresentedRefreshToken, client: Client): Promise<Session> {
    for (let round = 0; round < refreshRounds; round += 1) {
      const session = await this.sessions.findById(presented.sessionId);
      if (session === undefined || !isGenuine(config.AUTH_TOKEN_SECRET, session, presented)) throw loginAgain();
      const now = new Date();
      const verdict = judgeRefresh(session, presented.generation, now);
      if (verdict === 'ended') throw loginAgain();
      if (verdict === 'repeat') return session;
      if (verdict === 'reuse') {
        await this.sessions.revoke(session._id, session.userId, 'refresh-token-reuse', now);
        await this.audit.record({ action: 'session.refresh-token-reuse', actor: session.userId, target: session._id, client });
        throw loginAgain();
      }
      const next = rotateSession(session, now);
      if (await this.sessions.advance(next)) return next;
    }
    throw new AppError('conflict', { detail: 'The login is being refreshed elsewhere at the same moment; try again.' });
  }

  private async admit(account: Account, session: Session): Promise<Admission> {
    return {
      account,
      session,
      accessToken: await this.tokens.issue(account, session._id),
      refreshToken: deriveRefreshToken(config.AUTH_TOKEN_SECRET, session),
    };
  }
}

function loginAgain(): AppError {
  return new AppError('unauthenticated', { detail: 'The login is over; log in again.' });
}
