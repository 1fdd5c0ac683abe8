/** One page of a list, as every `?page=&limit=` route answers it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly pagination: { readonly page: number; readonly limit: number; readonly total: number; readonly pages: number };
}

/** Wraps one page of `total` items; `pages` is at least 1. */
export function pageOf<T>(items: readonly T[], { page, limit, total }: { page: number; limit: number; total: number }): Page<T> {
  return { items, pagination: { page, limit, total, pages: Math.max(1, Math.ceil(total / limit)) } };
}
