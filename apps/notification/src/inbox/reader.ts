import { mayActAs, roles, type Principal } from '@shopfleet/identity';
import type { Audience } from './notification.schema.ts';
import type { Reader } from './notifications.repository.ts';

/** Whose lists somebody may read: their own and those of the roles they hold or include. */
export function readerOf({ userId, roles: held }: Pick<Principal, 'userId' | 'roles'>): Reader {
  const ofRoles = roles.filter((role) => mayActAs(held, [role])).map((role): Audience => `role:${role}`);
  return { userId, audiences: [`user:${userId}`, ...ofRoles] };
}
