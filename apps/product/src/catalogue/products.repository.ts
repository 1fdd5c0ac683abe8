import { Injectable } from '@nestjs/common';
import { decodeCursor, encodeCursor } from '@shopfleet/kernel';
import type { Collection, Document, Filter, Sort as MongoSort } from 'mongodb';
import { Collections } from '../collections.ts';
import type { CategoryDocument, DealDocument, ProductDocument, ReviewDocument } from './product.document.ts';
import { cardProjection } from './products.presenter.ts';
import { MAX_RANKED, type ProductsQuery, type Sort } from './products.query.ts';

/** A page of documents, how many match in all, and where the next page begins. */
export interface Found<T> {
  readonly items: readonly T[];
  readonly total: number;
  readonly next: string | null;
}

/** What a list asks for, its category already resolved. */
export type ListQuery = Omit<ProductsQuery, 'category'> & { readonly categoryId?: string };

interface Plan {
  readonly filter: Filter<ProductDocument>;
  readonly hint: string;
  readonly sort: Record<string, 1 | -1>;
}

const sortKeys: Readonly<Record<Exclude<Sort, 'relevance'>, readonly [field: string, direction: 1 | -1]>> = {
  '-createdAt': ['createdAt', -1],
  createdAt: ['createdAt', 1],
  price: ['priceFrom.amount', 1],
  '-price': ['priceFrom.amount', -1],
  '-rating': ['rating.average', -1],
  '-popularity': ['popularity', -1],
};

/** Reads of the catalogue. Every list names its index, so that no plan ever sorts in memory. */
@Injectable()
export class ProductsRepository {
  constructor(private readonly collections: Collections) {}

  async findPage(query: ListQuery): Promise<Found<ProductDocument>> {
    return query.q === undefined ? this.findSorted(query) : this.findByWords(query, query.q);
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

  async findRelated(product: ProductDocument, limit: number): Promise<ProductDocument[]> {
    const leaf = product.categoryIds.at(-1) ?? '';
    const filter: Filter<ProductDocument> = { categoryIds: leaf, status: 'active' };
    const found = await this.products
      .find(filter).sort({ popularity: -1, _id: -1 }).hint('category_popular').limit(limit + 1).project<ProductDocument>(cardProjection).toArray();
    return found.filter(({ _id }) => _id !== product._id).slice(0, limit);
  }

  async findByNamePrefix(prefix: string, limit: number): Promise<{ name: string; slug: string }[]> {
    const text = prefix.toLowerCase();
    // A range instead of a pattern: nothing that a visitor types is ever compiled.
    return this.products
      .find({ status: 'active', nameLower: { $gte: text, $lt: `${text}\u{10ffff}` } })
      .sort({ nameLower: 1 }).hint('name_prefix').limit(limit).project<{ name: string; slug: string }>({ _id: 0, name: 1, slug: 1 }).toArray();
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
      this.collections.deals.find({ startsAt: { $gt: now } }).sort({ startsAt: 1 }).limit(1).next(),
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

  private async findSorted(query: ListQuery): Promise<Found<ProductDocument>> {
    const sort = query.sort === undefined || query.sort === 'relevance' ? '-createdAt' : query.sort;
    const { filter, hint, sort: order } = planOf(query, sort);
    const [field, direction] = sortKeys[sort];
    const position = query.cursor === undefined ? {} : after(field, direction, query.cursor);
    const cursor = this.products
      .find({ ...filter, ...position }).sort(order as MongoSort).hint(hint).limit(query.limit).project<ProductDocument>(cardProjection);
    if (query.cursor === undefined) cursor.skip((query.page - 1) * query.limit);
    const [items, total] = await Promise.all([cursor.toArray(), this.products.countDocuments(filter, { hint })]);
    const last = items.length === query.limit ? items.at(-1) : undefined;
    return { items, total, next: last ? encodeCursor([sortValue(last, sort), last._id]) : null };
  }

  private async findByWords(query: ListQuery, words: string): Promise<Found<ProductDocument>> {
    const { filter } = planOf(query, '-createdAt');
    // Quotes and a leading minus are operators of $text; a visitor's text is only words.
    const search = words.replace(/["\\]/gu, ' ').replace(/(^|\s)-+/gu, '$1');
    const matching: Filter<ProductDocument> = { ...filter, $text: { $search: search } };
    const [items, total] = await Promise.all([
      this.products.aggregate<ProductDocument>([
        { $match: matching },
        { $limit: MAX_RANKED },
        { $sort: { score: { $meta: 'textScore' }, _id: 1 } },
        { $skip: (query.page - 1) * query.limit },
        { $limit: query.limit },
        { $project: cardProjection satisfies Document },
      ]).toArray(),
      this.products.countDocuments(matching, { limit: MAX_RANKED }),
    ]);
    return { items, total, next: null };
  }

  private get products(): Collection<ProductDocument> {
    return this.collections.products;
  }
}

function planOf(query: ListQuery, sort: Exclude<Sort, 'relevance'>): Plan {
  const byPrice = sort === 'price' || sort === '-price';
  const priced = query.minPrice !== undefined || query.maxPrice !== undefined;
  const currency = query.currency ?? (byPrice || priced ? 'EUR' : undefined);
  const [field, direction] = sortKeys[sort];
  const filter: Filter<ProductDocument> = {
    status: 'active',
    ...(query.categoryId !== undefined && { categoryIds: query.categoryId }),
    ...(query.brand !== undefined && { 'brand.slug': query.brand }),
    ...(currency !== undefined && { 'priceFrom.currency': currency }),
    ...(priced && { 'priceFrom.amount': { ...(query.minPrice !== undefined && { $gte: query.minPrice }), ...(query.maxPrice !== undefined && { $lte: query.maxPrice }) } }),
    ...(query.inStock !== undefined && { inStock: query.inStock }),
  };
  const category = query.categoryId !== undefined;
  const hint = byPrice
    ? category ? 'category_price' : 'price'
    : sort === '-popularity'
      ? category ? 'category_popular' : 'popular'
      : sort === '-rating'
        ? 'best_rated'
        : [category ? 'category' : '', query.brand === undefined ? '' : 'brand', 'newest'].filter((part) => part !== '').join('_');
  return { filter, hint, sort: { [field]: direction, _id: direction } };
}

function sortValue(product: ProductDocument, sort: Exclude<Sort, 'relevance'>): number {
  if (sort === 'price' || sort === '-price') return product.priceFrom.amount;
  if (sort === '-rating') return product.rating.average;
  return sort === '-popularity' ? product.popularity : product.createdAt.getTime();
}

function after(field: string, direction: 1 | -1, cursor: string): Filter<ProductDocument> {
  const [position, id] = decodeCursor(cursor, 2);
  const value = field === 'createdAt' ? new Date(Number(position)) : Number(position);
  const operator = direction === 1 ? '$gt' : '$lt';
  return { $or: [{ [field]: { [operator]: value } }, { [field]: value, _id: { [operator]: String(id) } }] } as Filter<ProductDocument>;
}
