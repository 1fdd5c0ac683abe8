import { Injectable } from '@nestjs/common';
import { Cache, type CachedAnswer } from '@shopfleet/cache';
import { AppError, pageOf } from '@shopfleet/kernel';
import { ProductSearch } from '../search/product-search.ts';
import { categoryFamily, COUNTS, LISTS, productCount, productFacet, productList, searchRanking } from './cache-families.ts';
import type { FacetValue } from './facets.ts';
import { FacetsRepository } from './facets.repository.ts';
import { pickFields } from './fields.ts';
import type { ProductDocument } from './product.document.ts';
import { filterKey, filterOf, withoutOwn, type ProductFilter } from './product-filter.ts';
import { presentCard } from './products.presenter.ts';
import { MAX_RANKED, type FacetName, type ProductsQuery } from './products.query.ts';
import { ProductsRepository } from './products.repository.ts';

/**
 * Lists of products as ready bytes. What costs more than the page itself (how many there are, facets, the ranking of a
 * search) is cached under its own key, which all pages and sorts of one question share.
 */
@Injectable()
export class ProductListService {
  constructor(
    private readonly products: ProductsRepository,
    private readonly facets: FacetsRepository,
    private readonly search: ProductSearch,
    private readonly cache: Cache,
  ) {}

  /** @throws AppError not-found for a category that does not exist */
  async list(query: ProductsQuery): Promise<CachedAnswer> {
    return this.cache.read(productList, keyOf(query), async (generation) => {
      const filter = filterOf(query, query.category === undefined ? undefined : await this.categoryId(query.category));
      checkFacets(query, filter);
      const { items, total, next, ranked } = query.q === undefined ? await this.sorted(query, filter, generation) : await this.found(query, query.q, filter);
      const page = pageOf(items.map((product) => pickFields(presentCard(product), query.fields)), { page: query.page, limit: query.limit, total });
      const facets = query.facets && Object.fromEntries(await Promise.all(query.facets.map(async (name) => [name, await this.facet(name, filter, query.q, ranked)] as const)));
      return { json: { ...page, pagination: { ...page.pagination, next }, ...(facets && { facets }) } };
    }, [LISTS]);
  }

  private async sorted(query: ProductsQuery, filter: ProductFilter, generation: string | undefined) {
    const { page, limit, cursor } = query;
    const sort = query.sort === undefined || query.sort === 'relevance' ? '-createdAt' : query.sort;
    const [{ items, next }, total] = await Promise.all([this.products.findPage(filter, { sort, page, limit, cursor, generation }), this.total(filter)]);
    return { items, next, total, ranked: undefined };
  }

  private async found({ page, limit }: ProductsQuery, text: string, filter: ProductFilter) {
    const ranked = await this.ranking(text, filter);
    const items: ProductDocument[] = await this.products.findCards(ranked.slice((page - 1) * limit, page * limit));
    return { items, next: null, total: ranked.length, ranked };
  }

  private async total(filter: ProductFilter): Promise<number> {
    return this.value(await this.cache.read(productCount, filterKey(filter), async (generation) => ({ json: await this.products.count(filter, generation) }), countTags(filter)));
  }

  private async ranking(text: string, filter: ProductFilter): Promise<readonly string[]> {
    const fill = async () => ({ json: await this.search.rank(text, filter, { limit: MAX_RANKED }) });
    return this.value(await this.cache.read(searchRanking, `${text.toLowerCase()}:${filterKey(filter)}`, fill, countTags(filter)));
  }

  private async facet(name: FacetName, filter: ProductFilter, text: string | undefined, ranked: readonly string[] | undefined): Promise<FacetValue[]> {
    const fill = async () => {
      // Its own filter does not narrow a facet, so the ranking must not be narrowed by it either.
      const wider = ranked && text !== undefined && ownFilterSet(name, filter) ? await this.search.rank(text, withoutOwn(name, filter), { limit: MAX_RANKED }) : ranked;
      return { json: await this.facets.count(name, filter, wider) };
    };
    return this.value(await this.cache.read(productFacet, `${name}:${text?.toLowerCase() ?? ''}:${filterKey(filter)}`, fill, name === 'inStock' || name === 'rating' ? [COUNTS, LISTS] : countTags(filter)));
  }

  private value<T>({ body }: CachedAnswer): T {
    return JSON.parse(body.toString()) as T;
  }

  private async categoryId(slug: string): Promise<string> {
    const fill = async () => {
      const category = await this.products.findCategoryBySlug(slug);
      if (!category) throw new AppError('not-found', { detail: `There is no category ${slug}. /api/categories lists them all.` });
      return { json: category._id };
    };
    return this.value(await this.cache.read(categoryFamily, `id:${slug}`, fill));
  }
}

// How many there are changes with products, and only for some filters with what is in stock or was reviewed.
function countTags({ inStock, rating }: ProductFilter): string[] {
  return inStock === undefined && rating === undefined ? [COUNTS] : [COUNTS, LISTS];
}

function ownFilterSet(name: FacetName, filter: ProductFilter): boolean {
  return filterKey(withoutOwn(name, filter)) !== filterKey(filter);
}

// Attributes are a list in each product, which no index counts by itself: not over the whole catalogue.
function checkFacets({ facets = [], q }: ProductsQuery, { categoryId, brand }: ProductFilter): void {
  if (!facets.some((name) => name.startsWith('attr.')) || q !== undefined || categoryId !== undefined || brand !== undefined) return;
  throw new AppError('validation-failed', {
    detail: 'Attributes are counted within a category, a brand or a search: add category, brand or q.',
    errors: [{ pointer: '/facets', message: 'attr.<name> needs category, brand or q' }],
  });
}

// One key for one question, in whatever order its parameters came.
function keyOf(query: ProductsQuery): string {
  const present = Object.entries(query).filter(([, value]) => value !== undefined);
  return new URLSearchParams(present.map(([name, value]): [string, string] => [name, String(value)]).sort(([a], [b]) => (a < b ? -1 : 1))).toString();
}
