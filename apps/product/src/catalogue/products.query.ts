import { currencies } from '@shopfleet/kernel';
import { z } from 'zod';

/** How deep a list may be paged by number; past it the cost would grow, and a cursor goes on from there. */
export const MAX_SKIP = 10_000;
/** How many matches of a search are ranked at most. */
export const MAX_RANKED = 2_000;

export const sorts = ['-createdAt', 'createdAt', 'price', '-price', '-rating', '-popularity', 'relevance'] as const;
export type Sort = (typeof sorts)[number];

const slug = z.string().min(1).max(200).regex(/^[a-z0-9-]+$/u, 'letters a–z, digits and hyphens');

const paging = {
  page: z.coerce.number().int().min(1).default(1).describe('which page, from 1'),
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('how many items a page has'),
  cursor: z.string().min(1).max(500).optional().describe('`pagination.next` of the page before, in place of `page`'),
};

const filters = {
  q: z.string().trim().min(1).max(200).optional().describe('words to search for in name, brand and description'),
  brand: slug.optional().describe("the brand's slug"),
  minPrice: z.coerce.number().int().min(0).optional().describe('least price, in minor units of `currency`'),
  maxPrice: z.coerce.number().int().min(0).optional().describe('greatest price, in minor units of `currency`'),
  currency: z.enum(currencies).optional().describe('only products sold in it; a price filter or sort without it means EUR'),
  inStock: z.enum(['true', 'false']).transform((text) => text === 'true').optional().describe('`true`: only what can be had now'),
  sort: z.enum(sorts).optional().describe('default: relevance where there is a search, else -createdAt'),
};

interface Combination {
  readonly page: number;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly q?: string | undefined;
  readonly sort?: Sort | undefined;
  readonly minPrice?: number | undefined;
  readonly maxPrice?: number | undefined;
}

function check(query: Combination, context: z.RefinementCtx): void {
  const refuse = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
  if ((query.page - 1) * query.limit > MAX_SKIP) refuse('page', `pages end after ${MAX_SKIP} items; go on with cursor`);
  if (query.minPrice !== undefined && query.maxPrice !== undefined && query.minPrice > query.maxPrice) refuse('minPrice', 'is greater than maxPrice');
  if (query.sort === 'relevance' && query.q === undefined) refuse('sort', 'relevance needs q');
  if (query.q !== undefined && query.sort !== undefined && query.sort !== 'relevance') refuse('sort', 'a search is sorted by relevance');
  if (query.q !== undefined && query.cursor !== undefined) refuse('cursor', 'a search is paged by page');
}

export const categoryProductsQuery = z.strictObject({ ...paging, ...filters }).superRefine(check);
export const productsQuery = z.strictObject({ ...paging, ...filters, category: slug.optional().describe("the category's slug, of any level") }).superRefine(check);
export type ProductsQuery = z.infer<typeof productsQuery>;

export const slugParameter = z.strictObject({ slug });
export const idOrSlugParameter = z.strictObject({ id: z.string().min(1).max(200).regex(/^[a-z0-9_-]+$/u, "a product's id or slug") });
export const suggestQuery = z.strictObject({ q: z.string().trim().min(1).max(100), limit: z.coerce.number().int().min(1).max(20).default(8) });
export const recommendationsQuery = z.strictObject({ productId: z.string().min(1).max(100).optional(), limit: z.coerce.number().int().min(1).max(50).default(10) });
export const reviewsQuery = z.strictObject({ limit: paging.limit, cursor: paging.cursor });
export const noQuery = z.strictObject({});
