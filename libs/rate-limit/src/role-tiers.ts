/** What a costly operation allows each role within a quarter of an hour. */
export type RoleTiers = Readonly<Record<string, number>>;

/** The tiers of the shop, from features.md "Rate limits"; whoever holds several roles has the widest. */
export const ROLE_TIERS: RoleTiers = { 'super-admin': 1_000, admin: 500, 'partner-owner': 200, manager: 100, employee: 50, customer: 20 };

/** For whoever has not logged in, counted per address. */
export const ANONYMOUS_TIER = 10;

export const TIER_WINDOW_MS = 15 * 60 * 1_000;

/** Costly operations of one address within a minute, whoever sends them and whatever they are. */
export const BURST_LIMIT = 30;
export const BURST_WINDOW_MS = 60_000;

/** The widest tier that these roles give, and its name; roles without one count as customers. */
export function tierOf(roles: readonly string[]): { readonly name: string; readonly limit: number } {
  let widest = { name: 'customer', limit: ROLE_TIERS['customer'] ?? ANONYMOUS_TIER };
  for (const name of roles) {
    const limit = ROLE_TIERS[name] ?? 0;
    if (limit > widest.limit) widest = { name, limit };
  }
  return widest;
}
