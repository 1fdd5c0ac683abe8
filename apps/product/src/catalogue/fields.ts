/** What `fields` may name in lists, and on a product's own page. The id is there whether it is named or not. */
export const cardFields = ['id', 'slug', 'name', 'brand', 'categoryIds', 'partnerId', 'priceFrom', 'inStock', 'rating', 'images', 'variants', 'version', 'createdAt'] as const;
export const detailFields = [...cardFields, 'description', 'status', 'taxClass', 'categories', 'updatedAt'] as const;

/** The object with its id and the fields that were asked for; all of it when none were. */
export function pickFields<T extends { readonly id: string }>(view: T, fields: readonly string[] | undefined): Partial<T> {
  if (!fields) return view;
  return Object.fromEntries(Object.entries(view).filter(([name]) => name === 'id' || fields.includes(name))) as Partial<T>;
}
