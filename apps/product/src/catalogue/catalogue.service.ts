import { Injectable } from '@nestjs/common';
import { Cache, type CachedAnswer, type CacheFamily, type Filled } from '@shopfleet/cache';
import { AppError } from '@shopfleet/kernel';
import { wordsOf } from '@shopfleet/search';
import type { z } from 'zod';
import { ProductSearch } from '../search/product-search.ts';
import { categoryFamily, deals, LISTS, productDetail, productReviews, productTag, recommendations, suggestions } from './cache-families.ts';
import { pickFields } from './fields.ts';
import { presentCard, presentProduct, presentReview, presentTree, type dealsView } from './products.presenter.ts';
import type { suggestQuery } from './products.query.ts';
import { ProductsRepository } from './products.repository.ts';
import type { ProductDocument } from './product.document.ts';

const MAX_DEALS = 100;
// The most popular products with the typed words, of which the best are suggested.
const SUGGESTED_FROM = 200;

/** What shoppers read, as ready bytes from the caches. */
@Injectable()
export class CatalogueService {
  constructor(
    private readonly products: ProductsRepository,
    private readonly search: ProductSearch,
    private readonly cache: Cache,
  ) {}

  /** @throws AppError not-found */
  async detail(idOrSlug: string, fields?: readonly string[]): Promise<CachedAnswer> {
    return this.read(productDetail, fields ? `${idOrSlug}?${[...fields].sort().join()}` : idOrSlug, [productTag(idOrSlug), categoryFamily.name], async () => {
      const product = await this.productOf(idOrSlug);
      const categories = await this.products.findCategoriesById(product.categoryIds);
      return { json: pickFields(presentProduct(product, categories), fields), version: `v${product.version}` };
    });
  }

  async related(idOrSlug: string, limit: number): Promise<CachedAnswer> {
    return this.read(recommendations, `related:${idOrSlug}:${limit}`, [LISTS], async () => {
      const product = await this.productOf(idOrSlug);
      const together = await this.products.findCards(await this.products.findBoughtTogether(product._id, limit));
      // A product that few have bought yet is completed by the popular ones of its kind.
      const similar = together.length < limit ? await this.products.findSimilar(product, limit) : [];
      const known = new Set(together.map(({ _id }) => _id));
      return { json: { items: [...together, ...similar.filter(({ _id }) => !known.has(_id))].slice(0, limit).map(presentCard) } };
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
      const items = running.flatMap(({ _id, title, percentOff, startsAt, endsAt, productId, version = 1 }) => {
        const product = cards.get(productId);
        return product ? [{ id: _id, title, percentOff, startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString(), product: presentCard(product), version }] : [];
      });
      return { json: { items } satisfies z.infer<typeof dealsView>, ...(nextChange && { freshUntil: nextChange }) };
    });
  }

  async suggest({ q, limit }: z.infer<typeof suggestQuery>): Promise<CachedAnswer> {
    return this.read(suggestions, `${limit}:${q.toLowerCase()}`, [LISTS], async () => {
      const [ids, categories] = await Promise.all([this.search.rank(q, {}, { limit: SUGGESTED_FROM, typing: true }), this.products.findCategories()]);
      const products = await this.products.findCards(ids.slice(0, limit));
      const beginning = wordsOf(q).join(' ');
      const matching = categories.filter(({ name }) => beginning !== '' && wordsOf(name).join(' ').startsWith(beginning)).slice(0, 3);
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
}
