import { Injectable } from '@nestjs/common';
import { AppError, decodeCursor, encodeCursor } from '@shopfleet/kernel';
import type { Collection, Document, Filter, Sort as MongoSort } from 'mongodb';
import { Collections } from '../collections.ts';
import type { CategoryDocument, DealDocument, ProductDocument, ReviewDocument } from './product.document.ts';
import { cardProjection } from './products.presenter.ts';
import type { Sort } from './products.query.ts';
import { ListPositions, type Position } from './list-positions.ts';
import { filterKey, matching, type ProductFilter } from './product-filter.ts';
import { RangeCounts } from './range-counts.ts';

/** A page of documents and where the next one begins. */
export interface Found<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export type ListSort = Exclude<Sort, 'relevance'>;

/** Which page of a list: by number, or after a cursor. */
export interface PageQuery {
  readonly sort: ListSort;
  readonly page: number;
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Names a state of the catalogue in which no list changes. Undefined where none is known: a page is counted from the first item then. */
  readonly generation?: string | undefined;
}

const sortKeys: Readonly<Record<ListSort, readonly [field: string, direction: 1 | -1, index: string]>> = {
  '-createdAt': ['createdAt', -1, 'newest'],
  createdAt: ['createdAt', 1, 'newest'],
  price: ['priceFrom.amount', 1, 'cheapest'],
  '-price': ['priceFrom.amount', -1, 'cheapest'],
  '-rating': ['rating.average', -1, 'best_rated'],
  '-popularity': ['popularity', -1, 'popular'],
};

/** Reads of the catalogue. Every list names its index, so that no plan ever sorts in memory. */
@Injectable()
export class ProductsRepository {
  private readonly positions = new ListPositions();
  private readonly ranges = new RangeCounts();

  constructor(private readonly collections: Collections) {}

  async findPage(filter: ProductFilter, { sort, page, limit, cursor, generation }: PageQuery): Promise<Found<ProductDocument>> {
    const [field, direction, index] = sortKeys[sort];
    const list = cursor === undefined && generation !== undefined ? `${generation} ${sort} ${filterKey(filter)}` : undefined;
    const before = cursor === undefined ? (page - 1) * limit : 0;
    const start = list === undefined || before === 0 ? undefined : this.positions.nearest(list, before);
    const wanted = cursor === undefined ? from(sort, start, matching(filter)) : { ...matching(filter), ...after(sort, cursor) };
    const items = await this.products
      .find(wanted).sort({ [field]: direction, _id: direction } as MongoSort).hint(indexFor(filter, index)).skip(before - (start?.rank ?? 0)).limit(limit)
      .project<ProductDocument>(cardProjection).toArray();
    if (list !== undefined) this.positions.keep(list, items.map((item) => sortValue(item, sort)), before);
    const last = items.length === limit ? items.at(-1) : undefined;
    return { items, next: last ? encodeCursor([sort, sortValue(last, sort), last._id]) : null };
  }

  /** @param generation as of a page: with it a count goes on from that of a range of prices near by */
  async count(filter: ProductFilter, generation?: string): Promise<number> {
    const { minPrice, maxPrice, ...wider } = filter;
    const byPriceAlone = (minPrice ?? maxPrice) !== undefined && wider.rating === undefined && wider.inStock === undefined && wider.attributes === undefined;
    if (generation === undefined || !byPriceAlone) return this.countAlong(filter);
    const range = { from: minPrice ?? -Infinity, below: maxPrice === undefined ? Infinity : maxPrice + 1 };
    return this.ranges.count(`${generation} ${filterKey(wider)}`, range, ({ from, below }, most) =>
      this.countAlong({ ...wider, ...(from !== -Infinity && { minPrice: from }), ...(below !== Infinity && { maxPrice: below - 1 }) }, most));
  }

  // What an index has in one piece is counted without a look at its entries.
  private async countAlong(filter: ProductFilter, limit?: number): Promise<number> {
    const order = filter.currency !== undefined ? 'cheapest' : filter.rating !== undefined ? 'best_rated' : 'newest';
    return this.products.countDocuments(matching(filter), { hint: indexFor(filter, order), ...(limit !== undefined && { limit }) });
  }

  async findByIdOrSlug(idOrSlug: string): Promise<ProductDocument | null> {
    const filter = idOrSlug.startsWith('prd_') ? { _id: idOrSlug } : { slug: idOrSlug };
    return this.products.findOne({ ...filter, status: 'active' });
  }

  async findCards(ids: readonly string[]): Promise<ProductDocument[]> {
    const found = await this.products.find({ _id: { $in: [...ids] }, status: 'active' }).project<ProductDocument>(cardProjection).toArray();
    const byId = new Map(found.map((product) => [product._id, product]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  async findPopular(limit: number): Promise<ProductDocument[]> {
    return this.products.find({ status: 'active' }).sort({ popularity: -1, _id: -1 }).hint('popular').limit(limit).project<ProductDocument>(cardProjection).toArray();
  }

  /** The popular ones of the same leaf category. */
  async findSimilar(product: ProductDocument, limit: number): Promise<ProductDocument[]> {
    const filter: Filter<ProductDocument> = { categoryIds: product.leafId, status: 'active' };
    const found = await this.products
      .find(filter).sort({ popularity: -1, _id: -1 }).hint('category_popular').limit(limit + 1).project<ProductDocument>(cardProjection).toArray();
    return found.filter(({ _id }) => _id !== product._id).slice(0, limit);
  }

  /** Ids of what is bought most together with a product. */
  async findBoughtTogether(productId: string, limit: number): Promise<string[]> {
    const found = await this.collections.pairs.find({ a: productId }).sort({ count: -1, b: 1 }).hint('strongest').limit(limit).toArray();
    return found.map(({ b }) => b);
  }

  async findCategories(): Promise<CategoryDocument[]> {
    return this.collections.categories.find().sort({ level: 1, position: 1 }).hint('tree').toArray();
  }

  async findCategoryBySlug(slug: string): Promise<CategoryDocument | null> {
    return this.collections.categories.findOne({ slug });
  }

  async findCategoriesById(ids: readonly string[]): Promise<CategoryDocument[]> {
    const found = await this.collections.categories.find({ _id: { $in: [...ids] } }).toArray();
    return found.sort((a, b) => a.level - b.level);
  }

  async findRunningDeals(now: Date, limit: number): Promise<DealDocument[]> {
    return this.collections.deals.find({ endsAt: { $gt: now }, startsAt: { $lte: now } }).sort({ endsAt: 1 }).hint('running').limit(limit).toArray();
  }

  /** The next moment at which a deal begins or ends. */
  async findNextDealChange(now: Date): Promise<Date | undefined> {
    const [ending, starting] = await Promise.all([
      this.collections.deals.find({ endsAt: { $gt: now }, startsAt: { $lte: now } }).sort({ endsAt: 1 }).hint('running').limit(1).next(),
      this.collections.deals.find({ startsAt: { $gt: now } }).sort({ startsAt: 1 }).hint('starting').limit(1).next(),
    ]);
    const moments = [ending?.endsAt, starting?.startsAt].filter((moment) => moment !== undefined);
    return moments.sort((a, b) => a.getTime() - b.getTime())[0];
  }

  async findReviews(productId: string, limit: number, cursor: string | undefined): Promise<{ items: ReviewDocument[]; next: string | null }> {
    const filter: Filter<ReviewDocument> = { productId };
    if (cursor !== undefined) {
      const [time, id] = decodeCursor(cursor, 2);
      const createdAt = new Date(Number(time));
      Object.assign(filter, { $or: [{ createdAt: { $lt: createdAt } }, { createdAt, _id: { $lt: String(id) } }] });
    }
    const items = await this.collections.reviews.find(filter).sort({ createdAt: -1, _id: -1 }).hint('product_newest').limit(limit).toArray();
    const last = items.length === limit ? items.at(-1) : undefined;
    return { items, next: last ? encodeCursor([last.createdAt.getTime(), last._id]) : null };
  }

  private get products(): Collection<ProductDocument> {
    return this.collections.products;
  }
}

/** The index that serves a filter in an order: `newest`, or the one that begins with the category or the brand. */
export function indexFor({ categoryId, brand }: ProductFilter, order: string): string {
  // A brand has fewer products than a category, so it goes first where both are given.
  return `${brand !== undefined ? 'brand_' : categoryId !== undefined ? 'category_' : ''}${order}`;
}

function sortValue(product: ProductDocument, sort: ListSort): number {
  if (sort === 'price' || sort === '-price') return product.priceFrom.amount;
  if (sort === '-rating') return product.rating.average;
  return sort === '-popularity' ? product.popularity : product.createdAt.getTime();
}

function from(sort: ListSort, start: Position | undefined, wanted: Filter<ProductDocument>): Filter<ProductDocument> {
  if (!start) return wanted;
  const [field, direction] = sortKeys[sort];
  const given = wanted[field] as Document | undefined;
  return { ...wanted, [field]: { ...given, [direction === 1 ? '$gte' : '$lte']: valueOf(field, start.value) } };
}

function valueOf(field: string, value: number): Date | number {
  return field === 'createdAt' ? new Date(value) : value;
}

function after(sort: ListSort, cursor: string): Filter<ProductDocument> {
  const [field, direction] = sortKeys[sort];
  const [of, position, id] = decodeCursor(cursor, 3);
  if (of !== sort || typeof position !== 'number' || typeof id !== 'string') {
    throw new AppError('validation-failed', { detail: 'The cursor is of a list in another order; start again without it.', errors: [{ pointer: '/cursor', message: `is of a list by ${String(of)}` }] });
  }
  const value = valueOf(field, position);
  const operator = direction === 1 ? '$gt' : '$lt';
  return { $or: [{ [field]: { [operator]: value } }, { [field]: value, _id: { [operator]: id } }] } as Filter<ProductDocument>;
}
