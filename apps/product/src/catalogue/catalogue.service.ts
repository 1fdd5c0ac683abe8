import { Injectable } from '@nestjs/common';
import { Cache, type CachedAnswer, type CacheFamily, type Filled } from '@shopfleet/cache';
import { AppError, pageOf } from '@shopfleet/kernel';
import type { z } from 'zod';
import { categoryFamily, deals, LISTS, productDetail, productList, productReviews, productTag, recommendations, suggestions } from './cache-families.ts';
import { presentCard, presentProduct, presentReview, presentTree, type dealsView } from './products.presenter.ts';
import type { ProductsQuery, suggestQuery } from './products.query.ts';
import { ProductsRepository } from './products.repository.ts';
import type { ProductDocument } from './product.document.ts';

const MAX_DEALS = 100;

/** What shoppers read, as ready bytes from the caches. */
@Injectable()
export class CatalogueService {
  constructor(
    private readonly products: ProductsRepository,
    private readonly cache: Cache,
  ) {}

  /** @throws AppError not-found for a category that does not exist */
  async list(query: ProductsQuery): Promise<CachedAnswer> {
    return this.read(productList, keyOf(query), [LISTS], async () => {
      const { category, ...rest } = query;
      const categoryId = category === undefined ? undefined : (await this.categoryOf(category))._id;
      const { items, total, next } = await this.products.findPage({ ...rest, ...(categoryId !== undefined && { categoryId }) });
      const page = pageOf(items.map(presentCard), { page: query.page, limit: query.limit, total });
      return { json: { ...page, pagination: { ...page.pagination, next } } };
    });
  }

  /** @throws AppError not-found */
  async detail(idOrSlug: string): Promise<CachedAnswer> {
    return this.read(productDetail, idOrSlug, [productTag(idOrSlug), categoryFamily.name], async () => {
      const product = await this.productOf(idOrSlug);
      const categories = await this.products.findCategoriesById(product.categoryIds);
      return { json: presentProduct(product, categories), version: `v${product.version}` };
    });
  }

  async related(idOrSlug: string, limit: number): Promise<CachedAnswer> {
    return this.read(recommendations, `related:${idOrSlug}:${limit}`, [LISTS], async () => {
      const related = await this.products.findRelated(await this.productOf(idOrSlug), limit);
      return { json: { items: related.map(presentCard) } };
    });
  }

  async recommend(productId: string | undefined, limit: number): Promise<CachedAnswer> {
    if (productId !== undefined) return this.related(productId, limit);
    return this.read(recommendations, `popular:${limit}`, [LISTS], async () => ({ json: { items: (await this.products.findPopular(limit)).map(presentCard) } }));
  }

  async categoryTree(): Promise<CachedAnswer> {
    return this.read(categoryFamily, 'tree', [], async () => ({ json: { items: presentTree(await this.products.findCategories()) } }));
  }

  async runningDeals(): Promise<CachedAnswer> {
    return this.read(deals, 'running', [LISTS], async () => {
      const now = new Date();
      const [running, nextChange] = await Promise.all([this.products.findRunningDeals(now, MAX_DEALS), this.products.findNextDealChange(now)]);
      const cards = new Map((await this.products.findCards(running.map(({ productId }) => productId))).map((product) => [product._id, product]));
      const items = running.flatMap(({ _id, title, percentOff, startsAt, endsAt, productId }) => {
        const product = cards.get(productId);
        return product ? [{ id: _id, title, percentOff, startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString(), product: presentCard(product) }] : [];
      });
      return { json: { items } satisfies z.infer<typeof dealsView>, ...(nextChange && { freshUntil: nextChange }) };
    });
  }

  async suggest({ q, limit }: z.infer<typeof suggestQuery>): Promise<CachedAnswer> {
    return this.read(suggestions, `${limit}:${q.toLowerCase()}`, [LISTS], async () => {
      const [products, categories] = await Promise.all([this.products.findByNamePrefix(q, limit), this.products.findCategories()]);
      const matching = categories.filter(({ name }) => name.toLowerCase().startsWith(q.toLowerCase())).slice(0, 3);
      const items = [
        ...matching.map(({ name, slug }) => ({ kind: 'category' as const, text: name, slug })),
        ...products.map(({ name, slug }) => ({ kind: 'product' as const, text: name, slug })),
      ];
      return { json: { items: items.slice(0, limit) } };
    });
  }

  async reviews(idOrSlug: string, limit: number, cursor: string | undefined): Promise<CachedAnswer> {
    return this.read(productReviews, `${idOrSlug}:${limit}:${cursor ?? ''}`, [productTag(idOrSlug)], async () => {
      const product = await this.productOf(idOrSlug);
      const { items, next } = await this.products.findReviews(product._id, limit, cursor);
      return { json: { items: items.map(presentReview), pagination: { limit, next } } };
    });
  }

  private read(family: CacheFamily, key: string, tags: readonly string[], fill: () => Promise<Filled>): Promise<CachedAnswer> {
    return this.cache.read(family, key, fill, tags);
  }

  private async productOf(idOrSlug: string): Promise<ProductDocument> {
    const product = await this.products.findByIdOrSlug(idOrSlug);
    if (!product) throw new AppError('not-found', { detail: `There is no product ${idOrSlug}. Look for it at /api/products?q=…` });
    return product;
  }

  private async categoryOf(slug: string): Promise<{ _id: string }> {
    const category = await this.products.findCategoryBySlug(slug);
    if (!category) throw new AppError('not-found', { detail: `There is no category ${slug}. /api/categories lists them all.` });
    return category;
  }
}

// One key for one question, in whatever order its parameters came.
function keyOf(query: ProductsQuery): string {
  const present = Object.entries(query).filter(([, value]) => value !== undefined);
  return new URLSearchParams(present.map(([name, value]): [string, string] => [name, String(value)]).sort(([a], [b]) => (a < b ? -1 : 1))).toString();
}
