/** Roles of the shop, from the most powerful down. Somebody without a token has none. */
export const roles = ['super-admin', 'admin', 'partner-owner', 'manager', 'employee', 'customer'] as const;
export type Role = (typeof roles)[number];

// The permission table of the whole shop: who holds the role on the left may do all that the roles on the right may.
// A partner owner is outside the staff line: they see their own goods only, whatever else they may do.
const includes: Readonly<Record<Role, readonly Role[]>> = {
  'super-admin': ['admin'],
  admin: ['manager', 'partner-owner'],
  manager: ['employee'],
  employee: ['customer'],
  'partner-owner': ['customer'],
  customer: [],
};

const closure = new Map<Role, ReadonlySet<Role>>(roles.map((role) => [role, reach(role)]));

function reach(role: Role): ReadonlySet<Role> {
  return new Set<Role>([role, ...includes[role].flatMap((included) => [...reach(included)])]);
}

/** Whether a text is a role of the shop. */
export function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text);
}

/**
 * Whether somebody who holds `held` may do what needs one of `needed`; each role includes the ones below it.
 *
 * @example mayActAs(['manager'], ['employee']) // true
 */
export function mayActAs(held: readonly Role[], needed: readonly Role[]): boolean {
  return held.some((role) => needed.some((wanted) => closure.get(role)?.has(wanted) ?? false));
}
