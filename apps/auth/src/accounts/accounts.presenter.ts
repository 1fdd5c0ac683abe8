import type { User } from './accounts.requests.ts';
import type { Account } from './domain/account.ts';

/** What its owner (and an admin) may see of an account. */
export function presentUser(account: Account): User {
  return {
    id: account._id,
    email: account.email,
    emailVerified: account.emailVerified,
    name: account.name,
    locale: account.locale,
    roles: [...account.roles],
    ...(account.partnerId !== undefined && { partnerId: account.partnerId }),
    version: account.version,
    createdAt: account.createdAt.toISOString(),
  };
}

/** The ETag of a versioned thing. */
export function etagOf({ version }: { readonly version: number }): string {
  return `"${version}"`;
}
