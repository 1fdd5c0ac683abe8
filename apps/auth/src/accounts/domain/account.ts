import { newId } from '@shopfleet/kernel';
import type { Role } from '@shopfleet/identity';

/** Somebody who can log in. Changes give a new object with the next version; nothing is changed in place. */
export interface Account {
  /** `usr_…` */
  readonly _id: string;
  /** Trimmed and in lower case, as accounts.requests.ts reads it; unique. */
  readonly email: string;
  readonly emailVerified: boolean;
  readonly name: string;
  /** BCP 47, such as `de-AT`; the language of mails. */
  readonly locale: string;
  readonly roles: readonly Role[];
  /** argon2id in PHC format. */
  readonly passwordHash: string;
  /** The marketplace partner that a partner owner belongs to. */
  readonly partnerId?: string;
  /** Starts at 1 and grows by one with each change; the ETag. */
  readonly version: number;
  readonly createdAt: Date;
}

export interface Registration {
  readonly email: string;
  readonly name: string;
  readonly locale: string;
  readonly passwordHash: string;
}

export interface ProfileChange {
  readonly name?: string | undefined;
  readonly locale?: string | undefined;
}

/** A new customer who has yet to prove the address. */
export function registerAccount(registration: Registration, now: Date): Account {
  return { _id: newId('usr'), ...registration, emailVerified: false, roles: ['customer'], version: 1, createdAt: now };
}

/**
 * The same address registers again before it was proved: the last one to register sets name and password, so that
 * nobody can reserve somebody else's address with a password of their own.
 */
export function registerAgain(account: Account, { name, locale, passwordHash }: Registration): Account {
  return next(account, { name, locale, passwordHash });
}

/** The owner has shown that mail to the address arrives. */
export function confirmEmail(account: Account): Account {
  return account.emailVerified ? account : next(account, { emailVerified: true });
}

/** A new password, set by a link that was mailed: which proves the address as well. */
export function resetPassword(account: Account, passwordHash: string): Account {
  return next(account, { passwordHash, emailVerified: true });
}

export function changeProfile(account: Account, { name, locale }: ProfileChange): Account {
  return next(account, { ...(name !== undefined && { name }), ...(locale !== undefined && { locale }) });
}

export function changeRoles(account: Account, roles: readonly Role[]): Account {
  return next(account, { roles });
}

function next(account: Account, change: Partial<Account>): Account {
  return { ...account, ...change, version: account.version + 1 };
}
