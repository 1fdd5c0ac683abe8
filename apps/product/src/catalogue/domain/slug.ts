// Words that stand for something else where a product's slug would stand.
const reserved = new Set(['import', 'export', 'health', 'openapi-json', 'suggest', 'images', 'new']);

/** A name as it stands in an address: `Brass Desk Lamp` becomes `brass-desk-lamp`; undefined when nothing of it is left. */
export function slugOf(name: string): string | undefined {
  const slug = name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '-')
    .replace(/^-|-$/gu, '')
    .slice(0, 150);
  return slug === '' ? undefined : slug;
}

/** Whether a product may have this slug. */
export function isFreeSlug(slug: string): boolean {
  return !reserved.has(slug) && !slug.startsWith('prd_');
}
