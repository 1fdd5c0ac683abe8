import { currencies } from '@shopfleet/kernel';
import { z } from 'zod';
import { cardFields, detailFields } from './fields.ts';

/** How deep a list may be paged by number; past it the cost would grow, and a cursor goes on from there. */
export const MAX_SKIP = 10_000;
/** How many matches of a search are ranked at most. */
export const MAX_RANKED = 2_000;

export const sorts = ['-createdAt', 'createdAt', 'price', '-price', '-rating', '-popularity', 'relevance'] as const;
export type Sort = (typeof sorts)[number];

const facetNames = ['brand', 'category', 'price', 'rating', 'inStock'] as const;
const ATTRIBUTE = /^attr\.[A-Za-z][\w-]{0,39}$/u;
/** What can be counted: a plain filter, or `attr.<name>`. */
export type FacetName = (typeof facetNames)[number] | `attr.${string}`;

function isFacetName(name: string): name is FacetName {
  return (facetNames as readonly string[]).includes(name) || ATTRIBUTE.test(name);
}

const slug = z.string().min(1).max(200).regex(/^[a-z0-9-]+$/u, 'letters a–z, digits and hyphens');

const paging = {
  page: z.coerce.number().int().min(1).default(1).describe('which page, from 1'),
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('how many items a page has'),
  cursor: z.string().min(1).max(500).optional().describe('`pagination.next` of the page before, in place of `page`'),
};

function listOf<T extends string>(is: (name: string) => name is T, message: string) {
  return z.string().min(1).max(500).transform((text, context): T[] => {
    const names = [...new Set(text.split(','))];
    const known = names.filter(is);
    if (known.length < names.length) context.addIssue({ code: 'custom', message });
    return known;
  });
}

function oneOf<T extends string>(names: readonly T[]): (name: string) => name is T {
  return (name): name is T => (names as readonly string[]).includes(name);
}

const filters = {
  q: z.string().trim().min(1).max(200).optional().describe('what to search for in name, brand, category and description; a misspelling is forgiven'),
  brand: slug.optional().describe("the brand's slug"),
  minPrice: z.coerce.number().int().min(0).optional().describe('least price, in minor units of `currency`'),
  maxPrice: z.coerce.number().int().min(0).optional().describe('greatest price, in minor units of `currency`'),
  currency: z.enum(currencies).optional().describe('only products sold in it; a price filter or sort without it means EUR'),
  rating: z.coerce.number().min(1).max(5).optional().describe('least average rating'),
  inStock: z.enum(['true', 'false']).transform((text) => text === 'true').optional().describe('`true`: only what can be had now'),
  sort: z.enum(sorts).optional().describe('default: relevance where there is a search, else -createdAt'),
  fields: listOf(oneOf(cardFields), `any of ${cardFields.join(', ')}`).optional().describe(`only these, separated by commas: ${cardFields.join(', ')}`),
  facets: listOf(isFacetName, `any of ${facetNames.join(', ')}, attr.<name>`)
    .optional().describe(`count the matches by these, separated by commas: ${facetNames.join(', ')}, attr.<name> (with q, brand or category)`),
};
const category = slug.optional().describe("the category's slug, of any level");

const plainQuery = z.strictObject({ ...paging, ...filters, category });
/** A list's question. Beside the named parameters, `attr.<name>=a,b` keeps what has one of these values. */
export type ProductsQuery = z.infer<typeof plainQuery> & { readonly [attribute: `attr.${string}`]: string };

type Combination = z.infer<typeof plainQuery>;

function check(query: Combination, shape: object): readonly (readonly [path: string, message: string])[] {
  const attributes = Object.keys(query).filter((key) => key.startsWith('attr.'));
  const rules: readonly (readonly [broken: boolean, path: string, message: string])[] = [
    ...Object.keys(query).map((key) => [!(key in shape) && !ATTRIBUTE.test(key), key, 'is not known here'] as const),
    [attributes.length > 5, attributes[5] ?? '', 'at most five attributes at once'],
    [(query.page - 1) * query.limit > MAX_SKIP, 'page', `pages end after ${MAX_SKIP} items; go on with cursor`],
    [query.minPrice !== undefined && query.maxPrice !== undefined && query.minPrice > query.maxPrice, 'minPrice', 'is greater than maxPrice'],
    [query.sort === 'relevance' && query.q === undefined, 'sort', 'relevance needs q'],
    [query.q !== undefined && query.sort !== undefined && query.sort !== 'relevance', 'sort', 'a search is sorted by relevance'],
    [query.cursor !== undefined && query.page > 1, 'page', 'a cursor says where to go on; leave page away'],
    [query.q !== undefined && query.cursor !== undefined, 'cursor', 'a search is paged by page'],
    [(query.facets?.length ?? 0) > 8, 'facets', 'at most eight at once'],
  ];
  return rules.filter(([broken]) => broken).map(([, path, message]) => [path, message]);
}

function listQuery<T extends z.ZodRawShape>(shape: T) {
  return z.object(shape).catchall(z.string().min(1).max(200)).superRefine((query, context) => {
    for (const [path, message] of check(query as unknown as Combination, shape)) context.addIssue({ code: 'custom', path: [path], message });
  });
}

export const categoryProductsQuery = listQuery({ ...paging, ...filters });
export const productsQuery = listQuery(plainQuery.shape);

export const slugParameter = z.strictObject({ slug });
export const idOrSlugParameter = z.strictObject({ id: z.string().min(1).max(200).regex(/^[a-z0-9_-]+$/u, "a product's id or slug") });
export const detailQuery = z.strictObject({
  fields: listOf(oneOf(detailFields), `any of ${detailFields.join(', ')}`).optional().describe(`only these, separated by commas: ${detailFields.join(', ')}`),
});
export const suggestQuery = z.strictObject({ q: z.string().trim().min(1).max(100), limit: z.coerce.number().int().min(1).max(20).default(8) });
export const recommendationsQuery = z.strictObject({ productId: z.string().min(1).max(100).optional(), limit: z.coerce.number().int().min(1).max(50).default(10) });
export const reviewsQuery = z.strictObject({ limit: paging.limit, cursor: paging.cursor });
